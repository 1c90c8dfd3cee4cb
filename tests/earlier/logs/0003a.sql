CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);

CREATE TABLE public.comparison (
    id bigint NOT NULL,
    endpoint text NOT NULL,
    deployment_id bigint NOT NULL,
    live_name text NOT NULL,
    live_version text NOT NULL,
    live_digest text NOT NULL,
    name text NOT NULL,
    version text NOT NULL,
    digest text NOT NULL,
    policy jsonb NOT NULL,
    policy_digest text NOT NULL,
    shadows integer DEFAULT 1 NOT NULL,
    started_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    folds bigint DEFAULT 0 NOT NULL,
    state bytea,
    verdict jsonb,
    judged_at timestamp with time zone,
    CONSTRAINT comparison_shadows_check CHECK ((shadows > 0))
);

CREATE SEQUENCE public.comparison_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.comparison_id_seq OWNED BY public.comparison.id;

CREATE TABLE public.deployment (
    id bigint NOT NULL,
    endpoint text NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    who text NOT NULL,
    why text DEFAULT ''::text NOT NULL,
    action text NOT NULL,
    name text NOT NULL,
    version text NOT NULL,
    digest text NOT NULL,
    share double precision DEFAULT 1 NOT NULL,
    keep_shadow boolean DEFAULT false NOT NULL,
    policy jsonb,
    waivers jsonb,
    CONSTRAINT deployment_action_check CHECK ((action = ANY (ARRAY['live'::text, 'shadow'::text, 'withdraw'::text, 'promote'::text, 'rollback'::text]))),
    CONSTRAINT deployment_share_check CHECK (((share > (0)::double precision) AND (share <= (1)::double precision)))
);

CREATE SEQUENCE public.deployment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.deployment_id_seq OWNED BY public.deployment.id;

CREATE TABLE public.excluded_pair (
    comparison_id bigint NOT NULL,
    request_id uuid NOT NULL,
    instance_no integer NOT NULL,
    reason text NOT NULL
);

CREATE TABLE public.look (
    comparison_id bigint NOT NULL,
    family text NOT NULL,
    finding text NOT NULL,
    number integer NOT NULL,
    units bigint NOT NULL,
    content jsonb NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT look_number_check CHECK ((number > 0))
);

CREATE TABLE public.outcome (
    id bigint NOT NULL,
    endpoint text NOT NULL,
    request_id uuid NOT NULL,
    instance_no integer NOT NULL,
    revision integer NOT NULL,
    value jsonb NOT NULL,
    received_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT outcome_revision_check CHECK ((revision > 0))
);

CREATE SEQUENCE public.outcome_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.outcome_id_seq OWNED BY public.outcome.id;

CREATE TABLE public.prediction (
    endpoint text NOT NULL,
    request_id uuid NOT NULL,
    instance_no integer NOT NULL,
    client_id text,
    served_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    shipment_id bigint NOT NULL,
    name text NOT NULL,
    version text NOT NULL,
    instance jsonb NOT NULL,
    output jsonb NOT NULL,
    value double precision,
    label text,
    deployment_id bigint
)
PARTITION BY RANGE (recorded_at);

CREATE TABLE public.prediction_20261128 (
    endpoint text CONSTRAINT prediction_endpoint_not_null NOT NULL,
    request_id uuid CONSTRAINT prediction_request_id_not_null NOT NULL,
    instance_no integer CONSTRAINT prediction_instance_no_not_null NOT NULL,
    client_id text,
    served_at timestamp with time zone CONSTRAINT prediction_served_at_not_null NOT NULL,
    recorded_at timestamp with time zone CONSTRAINT prediction_recorded_at_not_null NOT NULL,
    shipment_id bigint CONSTRAINT prediction_shipment_id_not_null NOT NULL,
    name text CONSTRAINT prediction_name_not_null NOT NULL,
    version text CONSTRAINT prediction_version_not_null NOT NULL,
    instance jsonb CONSTRAINT prediction_instance_not_null NOT NULL,
    output jsonb CONSTRAINT prediction_output_not_null NOT NULL,
    value double precision,
    label text,
    deployment_id bigint
);

CREATE TABLE public.prediction_20261129 (
    endpoint text CONSTRAINT prediction_endpoint_not_null NOT NULL,
    request_id uuid CONSTRAINT prediction_request_id_not_null NOT NULL,
    instance_no integer CONSTRAINT prediction_instance_no_not_null NOT NULL,
    client_id text,
    served_at timestamp with time zone CONSTRAINT prediction_served_at_not_null NOT NULL,
    recorded_at timestamp with time zone CONSTRAINT prediction_recorded_at_not_null NOT NULL,
    shipment_id bigint CONSTRAINT prediction_shipment_id_not_null NOT NULL,
    name text CONSTRAINT prediction_name_not_null NOT NULL,
    version text CONSTRAINT prediction_version_not_null NOT NULL,
    instance jsonb CONSTRAINT prediction_instance_not_null NOT NULL,
    output jsonb CONSTRAINT prediction_output_not_null NOT NULL,
    value double precision,
    label text,
    deployment_id bigint
);

CREATE TABLE public.prediction_20261130 (
    endpoint text CONSTRAINT prediction_endpoint_not_null NOT NULL,
    request_id uuid CONSTRAINT prediction_request_id_not_null NOT NULL,
    instance_no integer CONSTRAINT prediction_instance_no_not_null NOT NULL,
    client_id text,
    served_at timestamp with time zone CONSTRAINT prediction_served_at_not_null NOT NULL,
    recorded_at timestamp with time zone CONSTRAINT prediction_recorded_at_not_null NOT NULL,
    shipment_id bigint CONSTRAINT prediction_shipment_id_not_null NOT NULL,
    name text CONSTRAINT prediction_name_not_null NOT NULL,
    version text CONSTRAINT prediction_version_not_null NOT NULL,
    instance jsonb CONSTRAINT prediction_instance_not_null NOT NULL,
    output jsonb CONSTRAINT prediction_output_not_null NOT NULL,
    value double precision,
    label text,
    deployment_id bigint
);

CREATE TABLE public.prediction_20261201 (
    endpoint text CONSTRAINT prediction_endpoint_not_null NOT NULL,
    request_id uuid CONSTRAINT prediction_request_id_not_null NOT NULL,
    instance_no integer CONSTRAINT prediction_instance_no_not_null NOT NULL,
    client_id text,
    served_at timestamp with time zone CONSTRAINT prediction_served_at_not_null NOT NULL,
    recorded_at timestamp with time zone CONSTRAINT prediction_recorded_at_not_null NOT NULL,
    shipment_id bigint CONSTRAINT prediction_shipment_id_not_null NOT NULL,
    name text CONSTRAINT prediction_name_not_null NOT NULL,
    version text CONSTRAINT prediction_version_not_null NOT NULL,
    instance jsonb CONSTRAINT prediction_instance_not_null NOT NULL,
    output jsonb CONSTRAINT prediction_output_not_null NOT NULL,
    value double precision,
    label text,
    deployment_id bigint
);

CREATE TABLE public.prediction_20261202 (
    endpoint text CONSTRAINT prediction_endpoint_not_null NOT NULL,
    request_id uuid CONSTRAINT prediction_request_id_not_null NOT NULL,
    instance_no integer CONSTRAINT prediction_instance_no_not_null NOT NULL,
    client_id text,
    served_at timestamp with time zone CONSTRAINT prediction_served_at_not_null NOT NULL,
    recorded_at timestamp with time zone CONSTRAINT prediction_recorded_at_not_null NOT NULL,
    shipment_id bigint CONSTRAINT prediction_shipment_id_not_null NOT NULL,
    name text CONSTRAINT prediction_name_not_null NOT NULL,
    version text CONSTRAINT prediction_version_not_null NOT NULL,
    instance jsonb CONSTRAINT prediction_instance_not_null NOT NULL,
    output jsonb CONSTRAINT prediction_output_not_null NOT NULL,
    value double precision,
    label text,
    deployment_id bigint
);

CREATE TABLE public.quarantine (
    id bigint NOT NULL,
    endpoint text NOT NULL,
    spool uuid NOT NULL,
    seq bigint NOT NULL,
    request_id uuid,
    payload bytea NOT NULL,
    error text NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE SEQUENCE public.quarantine_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.quarantine_id_seq OWNED BY public.quarantine.id;

CREATE TABLE public.shadow_prediction (
    endpoint text NOT NULL,
    request_id uuid NOT NULL,
    instance_no integer NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    shipment_id bigint NOT NULL,
    name text NOT NULL,
    version text NOT NULL,
    status text NOT NULL,
    output jsonb,
    value double precision,
    label text,
    error text,
    scored_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT shadow_prediction_check CHECK (((status <> 'scored'::text) OR (output IS NOT NULL))),
    CONSTRAINT shadow_prediction_status_check CHECK ((status = ANY (ARRAY['scored'::text, 'skipped'::text, 'failed'::text])))
)
PARTITION BY RANGE (recorded_at);

CREATE TABLE public.shadow_prediction_20261128 (
    endpoint text CONSTRAINT shadow_prediction_endpoint_not_null NOT NULL,
    request_id uuid CONSTRAINT shadow_prediction_request_id_not_null NOT NULL,
    instance_no integer CONSTRAINT shadow_prediction_instance_no_not_null NOT NULL,
    recorded_at timestamp with time zone CONSTRAINT shadow_prediction_recorded_at_not_null NOT NULL,
    shipment_id bigint CONSTRAINT shadow_prediction_shipment_id_not_null NOT NULL,
    name text CONSTRAINT shadow_prediction_name_not_null NOT NULL,
    version text CONSTRAINT shadow_prediction_version_not_null NOT NULL,
    status text CONSTRAINT shadow_prediction_status_not_null NOT NULL,
    output jsonb,
    value double precision,
    label text,
    error text,
    scored_at timestamp with time zone DEFAULT now() CONSTRAINT shadow_prediction_scored_at_not_null NOT NULL,
    CONSTRAINT shadow_prediction_check CHECK (((status <> 'scored'::text) OR (output IS NOT NULL))),
    CONSTRAINT shadow_prediction_status_check CHECK ((status = ANY (ARRAY['scored'::text, 'skipped'::text, 'failed'::text])))
);

CREATE TABLE public.shadow_prediction_20261129 (
    endpoint text CONSTRAINT shadow_prediction_endpoint_not_null NOT NULL,
    request_id uuid CONSTRAINT shadow_prediction_request_id_not_null NOT NULL,
    instance_no integer CONSTRAINT shadow_prediction_instance_no_not_null NOT NULL,
    recorded_at timestamp with time zone CONSTRAINT shadow_prediction_recorded_at_not_null NOT NULL,
    shipment_id bigint CONSTRAINT shadow_prediction_shipment_id_not_null NOT NULL,
    name text CONSTRAINT shadow_prediction_name_not_null NOT NULL,
    version text CONSTRAINT shadow_prediction_version_not_null NOT NULL,
    status text CONSTRAINT shadow_prediction_status_not_null NOT NULL,
    output jsonb,
    value double precision,
    label text,
    error text,
    scored_at timestamp with time zone DEFAULT now() CONSTRAINT shadow_prediction_scored_at_not_null NOT NULL,
    CONSTRAINT shadow_prediction_check CHECK (((status <> 'scored'::text) OR (output IS NOT NULL))),
    CONSTRAINT shadow_prediction_status_check CHECK ((status = ANY (ARRAY['scored'::text, 'skipped'::text, 'failed'::text])))
);

CREATE TABLE public.shadow_prediction_20261130 (
    endpoint text CONSTRAINT shadow_prediction_endpoint_not_null NOT NULL,
    request_id uuid CONSTRAINT shadow_prediction_request_id_not_null NOT NULL,
    instance_no integer CONSTRAINT shadow_prediction_instance_no_not_null NOT NULL,
    recorded_at timestamp with time zone CONSTRAINT shadow_prediction_recorded_at_not_null NOT NULL,
    shipment_id bigint CONSTRAINT shadow_prediction_shipment_id_not_null NOT NULL,
    name text CONSTRAINT shadow_prediction_name_not_null NOT NULL,
    version text CONSTRAINT shadow_prediction_version_not_null NOT NULL,
    status text CONSTRAINT shadow_prediction_status_not_null NOT NULL,
    output jsonb,
    value double precision,
    label text,
    error text,
    scored_at timestamp with time zone DEFAULT now() CONSTRAINT shadow_prediction_scored_at_not_null NOT NULL,
    CONSTRAINT shadow_prediction_check CHECK (((status <> 'scored'::text) OR (output IS NOT NULL))),
    CONSTRAINT shadow_prediction_status_check CHECK ((status = ANY (ARRAY['scored'::text, 'skipped'::text, 'failed'::text])))
);

CREATE TABLE public.shadow_prediction_20261201 (
    endpoint text CONSTRAINT shadow_prediction_endpoint_not_null NOT NULL,
    request_id uuid CONSTRAINT shadow_prediction_request_id_not_null NOT NULL,
    instance_no integer CONSTRAINT shadow_prediction_instance_no_not_null NOT NULL,
    recorded_at timestamp with time zone CONSTRAINT shadow_prediction_recorded_at_not_null NOT NULL,
    shipment_id bigint CONSTRAINT shadow_prediction_shipment_id_not_null NOT NULL,
    name text CONSTRAINT shadow_prediction_name_not_null NOT NULL,
    version text CONSTRAINT shadow_prediction_version_not_null NOT NULL,
    status text CONSTRAINT shadow_prediction_status_not_null NOT NULL,
    output jsonb,
    value double precision,
    label text,
    error text,
    scored_at timestamp with time zone DEFAULT now() CONSTRAINT shadow_prediction_scored_at_not_null NOT NULL,
    CONSTRAINT shadow_prediction_check CHECK (((status <> 'scored'::text) OR (output IS NOT NULL))),
    CONSTRAINT shadow_prediction_status_check CHECK ((status = ANY (ARRAY['scored'::text, 'skipped'::text, 'failed'::text])))
);

CREATE TABLE public.shadow_prediction_20261202 (
    endpoint text CONSTRAINT shadow_prediction_endpoint_not_null NOT NULL,
    request_id uuid CONSTRAINT shadow_prediction_request_id_not_null NOT NULL,
    instance_no integer CONSTRAINT shadow_prediction_instance_no_not_null NOT NULL,
    recorded_at timestamp with time zone CONSTRAINT shadow_prediction_recorded_at_not_null NOT NULL,
    shipment_id bigint CONSTRAINT shadow_prediction_shipment_id_not_null NOT NULL,
    name text CONSTRAINT shadow_prediction_name_not_null NOT NULL,
    version text CONSTRAINT shadow_prediction_version_not_null NOT NULL,
    status text CONSTRAINT shadow_prediction_status_not_null NOT NULL,
    output jsonb,
    value double precision,
    label text,
    error text,
    scored_at timestamp with time zone DEFAULT now() CONSTRAINT shadow_prediction_scored_at_not_null NOT NULL,
    CONSTRAINT shadow_prediction_check CHECK (((status <> 'scored'::text) OR (output IS NOT NULL))),
    CONSTRAINT shadow_prediction_status_check CHECK ((status = ANY (ARRAY['scored'::text, 'skipped'::text, 'failed'::text])))
);

CREATE TABLE public.shadow_state (
    endpoint text NOT NULL,
    name text NOT NULL,
    version text NOT NULL,
    state text NOT NULL,
    detail text DEFAULT ''::text NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT shadow_state_state_check CHECK ((state = ANY (ARRAY['scoring'::text, 'broken'::text, 'failing'::text])))
);

CREATE TABLE public.shipment (
    id bigint NOT NULL,
    endpoint text NOT NULL,
    spool uuid NOT NULL,
    first_seq bigint NOT NULL,
    last_seq bigint NOT NULL,
    instances integer NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT shipment_check CHECK ((last_seq >= first_seq)),
    CONSTRAINT shipment_instances_check CHECK ((instances > 0))
);

CREATE SEQUENCE public.shipment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.shipment_id_seq OWNED BY public.shipment.id;

CREATE TABLE public.spool (
    uuid uuid NOT NULL,
    endpoint text NOT NULL,
    host text DEFAULT ''::text NOT NULL,
    watermark bigint DEFAULT 0 NOT NULL,
    deployment_id bigint,
    problem text,
    lost bigint DEFAULT 0 NOT NULL,
    closed boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT spool_lost_check CHECK ((lost >= 0)),
    CONSTRAINT spool_watermark_check CHECK ((watermark >= 0))
);

CREATE TABLE public.work (
    id bigint NOT NULL,
    endpoint text NOT NULL,
    name text NOT NULL,
    version text NOT NULL,
    shipment_id bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    share double precision DEFAULT 1 NOT NULL,
    instances integer NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    claimed_by text,
    lease_until timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    scored integer DEFAULT 0 NOT NULL,
    sampled_out integer DEFAULT 0 NOT NULL,
    skipped integer DEFAULT 0 NOT NULL,
    failed integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    done_at timestamp with time zone,
    comparison_id bigint,
    fold bigint,
    CONSTRAINT work_check CHECK (((state <> 'leased'::text) OR ((claimed_by IS NOT NULL) AND (lease_until IS NOT NULL)))),
    CONSTRAINT work_check1 CHECK (((state <> 'done'::text) OR ((((scored + sampled_out) + skipped) + failed) = instances))),
    CONSTRAINT work_instances_check CHECK ((instances > 0)),
    CONSTRAINT work_share_check CHECK (((share > (0)::double precision) AND (share <= (1)::double precision))),
    CONSTRAINT work_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'leased'::text, 'done'::text])))
);

CREATE SEQUENCE public.work_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.work_id_seq OWNED BY public.work.id;

ALTER TABLE ONLY public.prediction ATTACH PARTITION public.prediction_20261128 FOR VALUES FROM ('2026-11-28 00:00:00+00') TO ('2026-11-29 00:00:00+00');

ALTER TABLE ONLY public.prediction ATTACH PARTITION public.prediction_20261129 FOR VALUES FROM ('2026-11-29 00:00:00+00') TO ('2026-11-30 00:00:00+00');

ALTER TABLE ONLY public.prediction ATTACH PARTITION public.prediction_20261130 FOR VALUES FROM ('2026-11-30 00:00:00+00') TO ('2026-12-01 00:00:00+00');

ALTER TABLE ONLY public.prediction ATTACH PARTITION public.prediction_20261201 FOR VALUES FROM ('2026-12-01 00:00:00+00') TO ('2026-12-02 00:00:00+00');

ALTER TABLE ONLY public.prediction ATTACH PARTITION public.prediction_20261202 FOR VALUES FROM ('2026-12-02 00:00:00+00') TO ('2026-12-03 00:00:00+00');

ALTER TABLE ONLY public.shadow_prediction ATTACH PARTITION public.shadow_prediction_20261128 FOR VALUES FROM ('2026-11-28 00:00:00+00') TO ('2026-11-29 00:00:00+00');

ALTER TABLE ONLY public.shadow_prediction ATTACH PARTITION public.shadow_prediction_20261129 FOR VALUES FROM ('2026-11-29 00:00:00+00') TO ('2026-11-30 00:00:00+00');

ALTER TABLE ONLY public.shadow_prediction ATTACH PARTITION public.shadow_prediction_20261130 FOR VALUES FROM ('2026-11-30 00:00:00+00') TO ('2026-12-01 00:00:00+00');

ALTER TABLE ONLY public.shadow_prediction ATTACH PARTITION public.shadow_prediction_20261201 FOR VALUES FROM ('2026-12-01 00:00:00+00') TO ('2026-12-02 00:00:00+00');

ALTER TABLE ONLY public.shadow_prediction ATTACH PARTITION public.shadow_prediction_20261202 FOR VALUES FROM ('2026-12-02 00:00:00+00') TO ('2026-12-03 00:00:00+00');

ALTER TABLE ONLY public.comparison ALTER COLUMN id SET DEFAULT nextval('public.comparison_id_seq'::regclass);

ALTER TABLE ONLY public.deployment ALTER COLUMN id SET DEFAULT nextval('public.deployment_id_seq'::regclass);

ALTER TABLE ONLY public.outcome ALTER COLUMN id SET DEFAULT nextval('public.outcome_id_seq'::regclass);

ALTER TABLE ONLY public.quarantine ALTER COLUMN id SET DEFAULT nextval('public.quarantine_id_seq'::regclass);

ALTER TABLE ONLY public.shipment ALTER COLUMN id SET DEFAULT nextval('public.shipment_id_seq'::regclass);

ALTER TABLE ONLY public.work ALTER COLUMN id SET DEFAULT nextval('public.work_id_seq'::regclass);

INSERT INTO public.alembic_version VALUES ('0003');

INSERT INTO public.comparison VALUES (1, 'houses', 2, 'tiny-houses', '1.0.0', 'b523ffd284db007f067b5511086a1bd7dcb601e18af79039a59c66cc2fb0ce11', 'tiny-houses', '2.0.0', '4e186abf39671f48ef987e9b1a9e9f76283cb7061f3972a9c2da08e422f014bf', '{"aim": "not_worse", "loss": "absolute", "unit": "request", "alpha": 0.05, "power": 0.8, "guards": ["failures"], "slices": null, "loss_cap": null, "tolerance": 5805.441156545134, "loss_margin": 0.02, "slice_units": 100, "minimum_days": 7.0, "slice_margin": 0.1, "failure_limit": 0.01, "horizon_units": 10000, "minimum_units": 1000, "planned_units": 1000, "unmatched_limit": 0.01, "minimum_outcomes": 300, "difference_margin": 745.0356764721047, "disagreement_limit": 0.01, "outcome_delay_days": null, "outcome_influenced": false, "beyond_tolerance_limit": 0.05}', '0f3c30384314d9d217d03940b292030c4a94c2f55d1a8943c501c0e977d40a82', 1, '2026-11-29 04:57:58.033054+00', NULL, 1, '\x7801ad584d6fe3380cfd2f3a1b85487df7bed8eb027b984350146ee2768dba76e024d3990df2dff7c9ae5a25710367db1a81289222459392f9ba17bbb6de6ec42dd9422cbb9f555f3e55e2762ffa6ad9f5ab6a95242febb21f66b2109bf265dd54abfb6eb715b758b779aed7eb2884ecb1ac211ac8ead7b2d90d26c07f2deb6ddd3e417028c443d32d9fe174b14fee55f49e7c60b22eeb1e0aa076edb66eb00b174c60cf9e6e9cb7daea42d49bfb7a5541bc2ca1f058369b6af4bfebab685c16ea0ebeaadf5d8b0d2d7898aeeac7c7aa1f76d2ee9aa61023a36a97087ba10a3cecacbf9185bc21a5250529d95a2783f5050d6ce90343a483242515050fd5a83efcb0c0b0b2c1586394f43a7092c4f1ee50bc87cc79c898bc850c6a3264789b1332e721cb224e2f87cc05171ad10ddb67c35a11a6c6e33548a9df4266c94c466a8b347869f290723a0fef9a8c22a1de5f9f519a9951b2caeb213ed2469151de102966e56c4aa933249d0a6c4cc0bb502a8f0aef4346b1565e0585bf5c98877c4d46bd67e9aecf28cdcca8a7c043c4ce284714345b54a65229a15271d00a470a91058b5f1e534edf1d5041dbb269ea78a6f6a26ed7bb785fec05ee8372b829ba57cce3fdf1526f36e3192fc473dbbdb623fba16abad7e146281f70c30cd4b26a9af18ce2d4cc78e8139dcff8736c269ddc464e27793e9ecbcf39b97ea22f695d92a5f55f1fe77b499a69fcbaef530bd396a7b9a76b8fe7ff67cdb18571f65d7692edefb697ec9e8d389d4df5b38a87297ecf0ef802f65dbb4d5ff1f3b3893b279d4d13bf8e5f3f9b677b9a3cabe98da4717ad525e925d9b43559109e69d967fc69edebb91ff647ea631e6da12b787f8e251ffc9cbaa473243baf87beeb5e860bbb3f2f063466a918707f5f2e86b8658d5f7497b68f4f213aa68177eef86157376810d14b7ecdf135efe1e85dbc6d36ae3fe5e736e7d229e8b9fa73f4a66c9eee35ce4f79c9f6147f8a97f4f3f1333df0cf93f96fd78eb8e0522e514e176a68ecb7d36db5177f033ffc236e7d217e541b140a3ac63fca489803ae31b41cd5ef4faa07b5fa56b6d779fcb32f71558a5bb49a7f81022ab0d1d553f98e7abe2fba6dbfc30b23f484033281d343f485985303b506a0aa97dbba439ff4ad87244ff278564f533da7ec722ba7eb73d9299debc6fbe2bb9e64378db9ddc44b632e9b459f167c4cd5aade00b22e51900b74b70b814699b4f5968d361c88bd148550e89e3918e9a47716004245267903e0471210313003dc580297015f9d05800204093668176c34e0940e0e3680b1888d042e00571349d65aa235f7c023ce7806d718efc94aa3540046753684a86bb1190508658cf5da691e75e3169c02dc011485590a4e43970058397a32569193ec5d7091cdda07a8c3b005dcd59a9c896c15414284db0cc8a401c04ddc3269ecdd11030a06e3002fa41cd846461b882dda0502f1663062345623480ae495260b53d18895522acb002206ab10a651e22ee6a1ebe2ff0670b21ff13f80ed7d89041ca17f83c0a186abe2543682aac37f59f7ec50', '{"reasons": ["Not reachable if the present estimate is true: mean absolute loss of the shadow less live''s, less the margin of 0.02 × live''s.", "Share of requests on which the shadow failed is 0.00% (between 0.00% and 41.87% at 97.5 %; limit below 1.00%; 10 units): not settled yet.", "The mean absolute error of the shadow is 6,251 against 5,697 of live, a change of +9.72% (no interval yet; limit below +2.00%; 10 units): not settled yet (10 of the 100 units that any interval needs).", "10 of at least 1,000 units are compared.", "1.11e-06 of at least 7 days are observed.", "10 of at least 300 outcomes are known."], "verdict": "NEED_MORE_DATA"}', '2026-11-29 04:58:13.980932+00');

INSERT INTO public.deployment VALUES (1, 'houses', '2026-11-29 04:57:54.424098+00', 'ann@there', 'the first', 'live', 'tiny-houses', '1.0.0', 'b523ffd284db007f067b5511086a1bd7dcb601e18af79039a59c66cc2fb0ce11', 1, false, NULL, '[]');
INSERT INTO public.deployment VALUES (2, 'houses', '2026-11-29 04:57:58.033054+00', 'ann@there', 'better?', 'shadow', 'tiny-houses', '2.0.0', '4e186abf39671f48ef987e9b1a9e9f76283cb7061f3972a9c2da08e422f014bf', 0.5, false, NULL, '[]');

INSERT INTO public.outcome VALUES (1, 'houses', '01a225aa-d2b8-7125-bb81-88a56e44b106', 0, 1, '253040.0', '2026-11-29 04:58:04.438423+00');
INSERT INTO public.outcome VALUES (2, 'houses', '01a225aa-d2b9-7ce2-ae47-4f642d665a12', 0, 1, '206229.0', '2026-11-29 04:58:04.438423+00');
INSERT INTO public.outcome VALUES (3, 'houses', '01a225aa-d2ba-7dec-9e8a-344c19a69442', 0, 1, '246416.0', '2026-11-29 04:58:04.438423+00');
INSERT INTO public.outcome VALUES (4, 'houses', '01a225aa-d2ba-7a4f-84f2-d3a840af2fed', 0, 1, '222153.0', '2026-11-29 04:58:04.438423+00');
INSERT INTO public.outcome VALUES (5, 'houses', '01a225aa-d2ba-7050-9bc8-0b5f0f8bf8f3', 0, 1, '168858.0', '2026-11-29 04:58:04.438423+00');
INSERT INTO public.outcome VALUES (6, 'houses', '01a225aa-d2ba-73a6-925c-3738890ebbeb', 0, 1, '233591.0', '2026-11-29 04:58:04.438423+00');
INSERT INTO public.outcome VALUES (7, 'houses', '01a225aa-d2ad-787b-911c-817031eef8a0', 0, 1, '205095.0', '2026-11-29 04:58:04.438423+00');
INSERT INTO public.outcome VALUES (8, 'houses', '01a225aa-d2b0-7513-8b9c-2bc9c12cea06', 0, 1, '168933.0', '2026-11-29 04:58:04.438423+00');
INSERT INTO public.outcome VALUES (9, 'houses', '01a225aa-d2d1-77f2-92ce-01d0bf40dbdc', 0, 1, '204377.0', '2026-11-29 04:58:04.438423+00');
INSERT INTO public.outcome VALUES (10, 'houses', '01a225aa-d2ed-7623-9fe6-a487943c59bd', 0, 1, '208525.0', '2026-11-29 04:58:04.438423+00');
INSERT INTO public.outcome VALUES (11, 'houses', '01a225aa-d2ed-74b4-a0d6-345e3e41912c', 0, 1, '145684.0', '2026-11-29 04:58:04.438423+00');
INSERT INTO public.outcome VALUES (12, 'houses', '01a225aa-d2f8-7e2b-b16c-05e20f0c2edf', 0, 1, '178368.0', '2026-11-29 04:58:04.438423+00');
INSERT INTO public.outcome VALUES (13, 'houses', '01a225aa-d302-78a9-a49c-31967756b8af', 0, 1, '156471.0', '2026-11-29 04:58:04.438423+00');
INSERT INTO public.outcome VALUES (14, 'houses', '01a225aa-d308-73d8-9b7a-d0d7682f4cbb', 0, 1, '216829.0', '2026-11-29 04:58:04.438423+00');
INSERT INTO public.outcome VALUES (15, 'houses', '01a225aa-d310-766d-a838-a84cf6c03d76', 0, 1, '158373.0', '2026-11-29 04:58:04.438423+00');
INSERT INTO public.outcome VALUES (16, 'houses', '01a225aa-d319-73cd-9390-fa3c01828dd0', 0, 1, '213582.0', '2026-11-29 04:58:04.438423+00');

INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225aa-d2b8-7125-bb81-88a56e44b106', 0, NULL, '2026-11-29 04:58:01.785769+00', '2026-11-29 04:58:01.891511+00', 1, 'tiny-houses', '1.0.0', '{"area": 245.2, "sold": 2006, "zone": "South", "agent": "Ada", "alley": "Gravel", "built": 1903, "rooms": 2, "garage": true, "frontage": 24.8}', '249624.998095309', 249624.998095309, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225aa-d2b9-7ce2-ae47-4f642d665a12', 0, NULL, '2026-11-29 04:58:01.786216+00', '2026-11-29 04:58:01.891511+00', 1, 'tiny-houses', '1.0.0', '{"area": 144.7, "sold": 2007, "zone": "West", "agent": "Ben", "alley": null, "built": 1978, "rooms": 6, "garage": true, "frontage": 14.1}', '208701.1053748189', 208701.1053748189, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225aa-d2ba-7dec-9e8a-344c19a69442', 0, NULL, '2026-11-29 04:58:01.786464+00', '2026-11-29 04:58:01.891511+00', 1, 'tiny-houses', '1.0.0', '{"area": 218.6, "sold": 2007, "zone": "West", "agent": "Ben", "alley": null, "built": 1911, "rooms": 7, "garage": false, "frontage": 23.7}', '252771.7328966644', 252771.7328966644, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225aa-d2ba-7a4f-84f2-d3a840af2fed', 0, NULL, '2026-11-29 04:58:01.786628+00', '2026-11-29 04:58:01.891511+00', 1, 'tiny-houses', '1.0.0', '{"area": 188.9, "sold": 2007, "zone": "South", "agent": "Ada", "alley": "Paved", "built": 1967, "rooms": 6, "garage": true, "frontage": 14.5}', '232103.17392355634', 232103.17392355634, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225aa-d2ba-7050-9bc8-0b5f0f8bf8f3', 0, NULL, '2026-11-29 04:58:01.786766+00', '2026-11-29 04:58:01.891511+00', 1, 'tiny-houses', '1.0.0', '{"area": 126.2, "sold": 2007, "zone": "South", "agent": "Ada", "alley": null, "built": 1918, "rooms": 8, "garage": true, "frontage": null}', '171510.01098785503', 171510.01098785503, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225aa-d2ba-73a6-925c-3738890ebbeb', 0, NULL, '2026-11-29 04:58:01.786901+00', '2026-11-29 04:58:01.891511+00', 1, 'tiny-houses', '1.0.0', '{"area": 184.8, "sold": 2007, "zone": "East", "agent": "Ada", "alley": "Paved", "built": 2003, "rooms": 4, "garage": true, "frontage": 15.8}', '230606.55879261193', 230606.55879261193, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225aa-d2ad-787b-911c-817031eef8a0', 0, NULL, '2026-11-29 04:58:01.786933+00', '2026-11-29 04:58:01.891511+00', 1, 'tiny-houses', '1.0.0', '{"area": 133.1, "sold": 2006, "zone": "South", "agent": "Ada", "alley": "Paved", "built": 1993, "rooms": 6, "garage": true, "frontage": 18.8}', '191744.77891714138', 191744.77891714138, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225aa-d2b0-7513-8b9c-2bc9c12cea06', 0, NULL, '2026-11-29 04:58:01.786971+00', '2026-11-29 04:58:01.891511+00', 1, 'tiny-houses', '1.0.0', '{"area": 160.0, "sold": 2006, "zone": "East", "agent": "Ben", "alley": "Gravel", "built": 1941, "rooms": 1, "garage": true, "frontage": 18.7}', '177312.35116949468', 177312.35116949468, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225aa-d2d1-77f2-92ce-01d0bf40dbdc', 0, NULL, '2026-11-29 04:58:01.832614+00', '2026-11-29 04:58:01.891511+00', 1, 'tiny-houses', '1.0.0', '{"area": 168.7, "sold": 2008, "zone": "East", "agent": "Ben", "alley": null, "built": 1974, "rooms": 3, "garage": true, "frontage": 27.2}', '208124.39926421782', 208124.39926421782, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225aa-d2ed-7623-9fe6-a487943c59bd', 0, NULL, '2026-11-29 04:58:01.838174+00', '2026-11-29 04:58:01.891511+00', 1, 'tiny-houses', '1.0.0', '{"area": 141.1, "sold": 2008, "zone": "South", "agent": "Ada", "alley": "Paved", "built": 2009, "rooms": 7, "garage": true, "frontage": 22.8}', '209293.85269940912', 209293.85269940912, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225aa-d2ed-74b4-a0d6-345e3e41912c', 0, NULL, '2026-11-29 04:58:01.839004+00', '2026-11-29 04:58:01.891511+00', 1, 'tiny-houses', '1.0.0', '{"area": 125.2, "sold": 2010, "zone": "South", "agent": "Ada", "alley": "Paved", "built": 1912, "rooms": 2, "garage": true, "frontage": 17.0}', '143671.06988589698', 143671.06988589698, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225aa-d2f8-7e2b-b16c-05e20f0c2edf', 0, NULL, '2026-11-29 04:58:01.84924+00', '2026-11-29 04:58:01.891511+00', 1, 'tiny-houses', '1.0.0', '{"area": 137.1, "sold": 2009, "zone": "East", "agent": "Ada", "alley": "Gravel", "built": 1967, "rooms": 1, "garage": true, "frontage": 32.2}', '170030.175823187', 170030.175823187, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225aa-d302-78a9-a49c-31967756b8af', 0, NULL, '2026-11-29 04:58:01.864884+00', '2026-11-29 04:58:01.996712+00', 2, 'tiny-houses', '1.0.0', '{"area": 99.2, "sold": 2010, "zone": "South", "agent": "Ben", "alley": null, "built": 1988, "rooms": 4, "garage": true, "frontage": 24.2}', '154131.56462696032', 154131.56462696032, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225aa-d308-73d8-9b7a-d0d7682f4cbb', 0, NULL, '2026-11-29 04:58:01.872841+00', '2026-11-29 04:58:01.996712+00', 2, 'tiny-houses', '1.0.0', '{"area": 197.2, "sold": 2009, "zone": "East", "agent": "Ada", "alley": null, "built": 1941, "rooms": 2, "garage": false, "frontage": 24.2}', '208745.04662412673', 208745.04662412673, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225aa-d310-766d-a838-a84cf6c03d76', 0, NULL, '2026-11-29 04:58:01.873215+00', '2026-11-29 04:58:01.996712+00', 2, 'tiny-houses', '1.0.0', '{"area": 112.4, "sold": 2010, "zone": "South", "agent": "Ben", "alley": "Gravel", "built": 1916, "rooms": 7, "garage": false, "frontage": 19.6}', '143074.8121362161', 143074.8121362161, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225aa-d319-73cd-9390-fa3c01828dd0', 0, NULL, '2026-11-29 04:58:01.882071+00', '2026-11-29 04:58:01.996712+00', 2, 'tiny-houses', '1.0.0', '{"area": 169.9, "sold": 2009, "zone": "West", "agent": "Ben", "alley": "Paved", "built": 1979, "rooms": 2, "garage": false, "frontage": 23.2}', '209313.80177009501', 209313.80177009501, NULL, 2);

INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225aa-d2ad-787b-911c-817031eef8a0', 0, '2026-11-29 04:58:01.891511+00', 1, 'tiny-houses', '2.0.0', 'scored', '190459.27979176227', 190459.27979176227, NULL, NULL, '2026-11-29 04:58:01.997293+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225aa-d2b8-7125-bb81-88a56e44b106', 0, '2026-11-29 04:58:01.891511+00', 1, 'tiny-houses', '2.0.0', 'scored', '266235.7804328467', 266235.7804328467, NULL, NULL, '2026-11-29 04:58:01.997293+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225aa-d2b9-7ce2-ae47-4f642d665a12', 0, '2026-11-29 04:58:01.891511+00', 1, 'tiny-houses', '2.0.0', 'scored', '212613.80721794473', 212613.80721794473, NULL, NULL, '2026-11-29 04:58:01.997293+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225aa-d2ba-73a6-925c-3738890ebbeb', 0, '2026-11-29 04:58:01.891511+00', 1, 'tiny-houses', '2.0.0', 'scored', '229798.61515931095', 229798.61515931095, NULL, NULL, '2026-11-29 04:58:01.997293+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225aa-d2ba-7a4f-84f2-d3a840af2fed', 0, '2026-11-29 04:58:01.891511+00', 1, 'tiny-houses', '2.0.0', 'scored', '234979.03566416347', 234979.03566416347, NULL, NULL, '2026-11-29 04:58:01.997293+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225aa-d2ba-7dec-9e8a-344c19a69442', 0, '2026-11-29 04:58:01.891511+00', 1, 'tiny-houses', '2.0.0', 'scored', '245422.8527541872', 245422.8527541872, NULL, NULL, '2026-11-29 04:58:01.997293+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225aa-d2d1-77f2-92ce-01d0bf40dbdc', 0, '2026-11-29 04:58:01.891511+00', 1, 'tiny-houses', '2.0.0', 'scored', '207848.35750032743', 207848.35750032743, NULL, NULL, '2026-11-29 04:58:01.997293+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225aa-d302-78a9-a49c-31967756b8af', 0, '2026-11-29 04:58:01.996712+00', 2, 'tiny-houses', '2.0.0', 'scored', '162835.647325315', 162835.647325315, NULL, NULL, '2026-11-29 04:58:02.138985+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225aa-d308-73d8-9b7a-d0d7682f4cbb', 0, '2026-11-29 04:58:01.996712+00', 2, 'tiny-houses', '2.0.0', 'scored', '216406.34142644', 216406.34142644, NULL, NULL, '2026-11-29 04:58:02.138985+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225aa-d319-73cd-9390-fa3c01828dd0', 0, '2026-11-29 04:58:01.996712+00', 2, 'tiny-houses', '2.0.0', 'scored', '214001.32343537183', 214001.32343537183, NULL, NULL, '2026-11-29 04:58:02.138985+00');

INSERT INTO public.shadow_state VALUES ('houses', 'tiny-houses', '2.0.0', 'scoring', '', '2026-11-29 04:57:59.299929+00');

INSERT INTO public.shipment VALUES (1, 'houses', 'c0e8a0ff-f33d-4c8e-b549-eed457e216aa', 1, 12, 12, '2026-11-29 04:58:01.891511+00');
INSERT INTO public.shipment VALUES (2, 'houses', 'c0e8a0ff-f33d-4c8e-b549-eed457e216aa', 13, 16, 4, '2026-11-29 04:58:01.996712+00');

INSERT INTO public.spool VALUES ('c0e8a0ff-f33d-4c8e-b549-eed457e216aa', 'houses', 'there', 16, 2, NULL, 0, true, '2026-11-29 04:57:41.687706+00', '2026-11-29 04:58:13.309683+00');

INSERT INTO public.work VALUES (1, 'houses', 'tiny-houses', '2.0.0', 1, '2026-11-29 04:58:01.891511+00', 0.5, 12, 'done', 'vm:11945:d7d76780', NULL, 1, 7, 5, 0, 0, '2026-11-29 04:58:01.889153+00', '2026-11-29 04:58:02.019126+00', 1, 1);
INSERT INTO public.work VALUES (2, 'houses', 'tiny-houses', '2.0.0', 2, '2026-11-29 04:58:01.996712+00', 0.5, 4, 'done', 'vm:11945:d7d76780', NULL, 1, 3, 1, 0, 0, '2026-11-29 04:58:01.993028+00', '2026-11-29 04:58:02.141997+00', 1, 1);

SELECT pg_catalog.setval('public.comparison_id_seq', 13, true);

SELECT pg_catalog.setval('public.deployment_id_seq', 2, true);

SELECT pg_catalog.setval('public.outcome_id_seq', 16, true);

SELECT pg_catalog.setval('public.quarantine_id_seq', 1, false);

SELECT pg_catalog.setval('public.shipment_id_seq', 2, true);

SELECT pg_catalog.setval('public.work_id_seq', 2, true);

ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);

ALTER TABLE ONLY public.comparison
    ADD CONSTRAINT comparison_endpoint_deployment_id_name_version_key UNIQUE (endpoint, deployment_id, name, version);

ALTER TABLE ONLY public.comparison
    ADD CONSTRAINT comparison_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.deployment
    ADD CONSTRAINT deployment_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.excluded_pair
    ADD CONSTRAINT excluded_pair_pkey PRIMARY KEY (comparison_id, request_id, instance_no);

ALTER TABLE ONLY public.look
    ADD CONSTRAINT look_pkey PRIMARY KEY (comparison_id, family, number, finding);

ALTER TABLE ONLY public.outcome
    ADD CONSTRAINT outcome_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.outcome
    ADD CONSTRAINT outcome_request_id_instance_no_revision_key UNIQUE (request_id, instance_no, revision);

ALTER TABLE ONLY public.prediction
    ADD CONSTRAINT prediction_pkey PRIMARY KEY (request_id, instance_no, recorded_at);

ALTER TABLE ONLY public.prediction_20261128
    ADD CONSTRAINT prediction_20261128_pkey PRIMARY KEY (request_id, instance_no, recorded_at);

ALTER TABLE ONLY public.prediction_20261129
    ADD CONSTRAINT prediction_20261129_pkey PRIMARY KEY (request_id, instance_no, recorded_at);

ALTER TABLE ONLY public.prediction_20261130
    ADD CONSTRAINT prediction_20261130_pkey PRIMARY KEY (request_id, instance_no, recorded_at);

ALTER TABLE ONLY public.prediction_20261201
    ADD CONSTRAINT prediction_20261201_pkey PRIMARY KEY (request_id, instance_no, recorded_at);

ALTER TABLE ONLY public.prediction_20261202
    ADD CONSTRAINT prediction_20261202_pkey PRIMARY KEY (request_id, instance_no, recorded_at);

ALTER TABLE ONLY public.quarantine
    ADD CONSTRAINT quarantine_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.shadow_prediction
    ADD CONSTRAINT shadow_prediction_pkey PRIMARY KEY (request_id, instance_no, name, version, recorded_at);

ALTER TABLE ONLY public.shadow_prediction_20261128
    ADD CONSTRAINT shadow_prediction_20261128_pkey PRIMARY KEY (request_id, instance_no, name, version, recorded_at);

ALTER TABLE ONLY public.shadow_prediction_20261129
    ADD CONSTRAINT shadow_prediction_20261129_pkey PRIMARY KEY (request_id, instance_no, name, version, recorded_at);

ALTER TABLE ONLY public.shadow_prediction_20261130
    ADD CONSTRAINT shadow_prediction_20261130_pkey PRIMARY KEY (request_id, instance_no, name, version, recorded_at);

ALTER TABLE ONLY public.shadow_prediction_20261201
    ADD CONSTRAINT shadow_prediction_20261201_pkey PRIMARY KEY (request_id, instance_no, name, version, recorded_at);

ALTER TABLE ONLY public.shadow_prediction_20261202
    ADD CONSTRAINT shadow_prediction_20261202_pkey PRIMARY KEY (request_id, instance_no, name, version, recorded_at);

ALTER TABLE ONLY public.shadow_state
    ADD CONSTRAINT shadow_state_pkey PRIMARY KEY (endpoint, name, version);

ALTER TABLE ONLY public.shipment
    ADD CONSTRAINT shipment_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.spool
    ADD CONSTRAINT spool_pkey PRIMARY KEY (uuid);

ALTER TABLE ONLY public.work
    ADD CONSTRAINT work_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.work
    ADD CONSTRAINT work_shipment_id_name_version_key UNIQUE (shipment_id, name, version);

CREATE INDEX deployment_of_endpoint ON public.deployment USING btree (endpoint, id);

CREATE INDEX outcome_of_endpoint ON public.outcome USING btree (endpoint, received_at);

CREATE INDEX prediction_of_client ON ONLY public.prediction USING btree (endpoint, "left"(client_id, 100)) WHERE (client_id IS NOT NULL);

CREATE INDEX prediction_20261128_endpoint_left_idx ON public.prediction_20261128 USING btree (endpoint, "left"(client_id, 100)) WHERE (client_id IS NOT NULL);

CREATE INDEX prediction_of_version ON ONLY public.prediction USING btree (endpoint, name, version, recorded_at);

CREATE INDEX prediction_20261128_endpoint_name_version_recorded_at_idx ON public.prediction_20261128 USING btree (endpoint, name, version, recorded_at);

CREATE INDEX prediction_of_shipment ON ONLY public.prediction USING btree (shipment_id);

CREATE INDEX prediction_20261128_shipment_id_idx ON public.prediction_20261128 USING btree (shipment_id);

CREATE INDEX prediction_20261129_endpoint_left_idx ON public.prediction_20261129 USING btree (endpoint, "left"(client_id, 100)) WHERE (client_id IS NOT NULL);

CREATE INDEX prediction_20261129_endpoint_name_version_recorded_at_idx ON public.prediction_20261129 USING btree (endpoint, name, version, recorded_at);

CREATE INDEX prediction_20261129_shipment_id_idx ON public.prediction_20261129 USING btree (shipment_id);

CREATE INDEX prediction_20261130_endpoint_left_idx ON public.prediction_20261130 USING btree (endpoint, "left"(client_id, 100)) WHERE (client_id IS NOT NULL);

CREATE INDEX prediction_20261130_endpoint_name_version_recorded_at_idx ON public.prediction_20261130 USING btree (endpoint, name, version, recorded_at);

CREATE INDEX prediction_20261130_shipment_id_idx ON public.prediction_20261130 USING btree (shipment_id);

CREATE INDEX prediction_20261201_endpoint_left_idx ON public.prediction_20261201 USING btree (endpoint, "left"(client_id, 100)) WHERE (client_id IS NOT NULL);

CREATE INDEX prediction_20261201_endpoint_name_version_recorded_at_idx ON public.prediction_20261201 USING btree (endpoint, name, version, recorded_at);

CREATE INDEX prediction_20261201_shipment_id_idx ON public.prediction_20261201 USING btree (shipment_id);

CREATE INDEX prediction_20261202_endpoint_left_idx ON public.prediction_20261202 USING btree (endpoint, "left"(client_id, 100)) WHERE (client_id IS NOT NULL);

CREATE INDEX prediction_20261202_endpoint_name_version_recorded_at_idx ON public.prediction_20261202 USING btree (endpoint, name, version, recorded_at);

CREATE INDEX prediction_20261202_shipment_id_idx ON public.prediction_20261202 USING btree (shipment_id);

CREATE INDEX quarantine_of_endpoint ON public.quarantine USING btree (endpoint, at);

CREATE INDEX shadow_prediction_of_version ON ONLY public.shadow_prediction USING btree (endpoint, name, version, recorded_at);

CREATE INDEX shadow_prediction_20261128_endpoint_name_version_recorded_a_idx ON public.shadow_prediction_20261128 USING btree (endpoint, name, version, recorded_at);

CREATE INDEX shadow_prediction_of_shipment ON ONLY public.shadow_prediction USING btree (shipment_id);

CREATE INDEX shadow_prediction_20261128_shipment_id_idx ON public.shadow_prediction_20261128 USING btree (shipment_id);

CREATE INDEX shadow_prediction_20261129_endpoint_name_version_recorded_a_idx ON public.shadow_prediction_20261129 USING btree (endpoint, name, version, recorded_at);

CREATE INDEX shadow_prediction_20261129_shipment_id_idx ON public.shadow_prediction_20261129 USING btree (shipment_id);

CREATE INDEX shadow_prediction_20261130_endpoint_name_version_recorded_a_idx ON public.shadow_prediction_20261130 USING btree (endpoint, name, version, recorded_at);

CREATE INDEX shadow_prediction_20261130_shipment_id_idx ON public.shadow_prediction_20261130 USING btree (shipment_id);

CREATE INDEX shadow_prediction_20261201_endpoint_name_version_recorded_a_idx ON public.shadow_prediction_20261201 USING btree (endpoint, name, version, recorded_at);

CREATE INDEX shadow_prediction_20261201_shipment_id_idx ON public.shadow_prediction_20261201 USING btree (shipment_id);

CREATE INDEX shadow_prediction_20261202_endpoint_name_version_recorded_a_idx ON public.shadow_prediction_20261202 USING btree (endpoint, name, version, recorded_at);

CREATE INDEX shadow_prediction_20261202_shipment_id_idx ON public.shadow_prediction_20261202 USING btree (shipment_id);

CREATE INDEX shipment_of_endpoint ON public.shipment USING btree (endpoint, recorded_at);

CREATE INDEX spool_of_endpoint ON public.spool USING btree (endpoint);

CREATE INDEX work_of_comparison ON public.work USING btree (comparison_id, fold, id) WHERE (comparison_id IS NOT NULL);

CREATE INDEX work_of_version ON public.work USING btree (endpoint, name, version, recorded_at);

CREATE INDEX work_open ON public.work USING btree (endpoint, name, version, id) WHERE (state <> 'done'::text);

CREATE INDEX work_unfolded ON public.work USING btree (endpoint, name, version, recorded_at) WHERE ((state = 'done'::text) AND (comparison_id IS NULL));

ALTER INDEX public.prediction_of_client ATTACH PARTITION public.prediction_20261128_endpoint_left_idx;

ALTER INDEX public.prediction_of_version ATTACH PARTITION public.prediction_20261128_endpoint_name_version_recorded_at_idx;

ALTER INDEX public.prediction_pkey ATTACH PARTITION public.prediction_20261128_pkey;

ALTER INDEX public.prediction_of_shipment ATTACH PARTITION public.prediction_20261128_shipment_id_idx;

ALTER INDEX public.prediction_of_client ATTACH PARTITION public.prediction_20261129_endpoint_left_idx;

ALTER INDEX public.prediction_of_version ATTACH PARTITION public.prediction_20261129_endpoint_name_version_recorded_at_idx;

ALTER INDEX public.prediction_pkey ATTACH PARTITION public.prediction_20261129_pkey;

ALTER INDEX public.prediction_of_shipment ATTACH PARTITION public.prediction_20261129_shipment_id_idx;

ALTER INDEX public.prediction_of_client ATTACH PARTITION public.prediction_20261130_endpoint_left_idx;

ALTER INDEX public.prediction_of_version ATTACH PARTITION public.prediction_20261130_endpoint_name_version_recorded_at_idx;

ALTER INDEX public.prediction_pkey ATTACH PARTITION public.prediction_20261130_pkey;

ALTER INDEX public.prediction_of_shipment ATTACH PARTITION public.prediction_20261130_shipment_id_idx;

ALTER INDEX public.prediction_of_client ATTACH PARTITION public.prediction_20261201_endpoint_left_idx;

ALTER INDEX public.prediction_of_version ATTACH PARTITION public.prediction_20261201_endpoint_name_version_recorded_at_idx;

ALTER INDEX public.prediction_pkey ATTACH PARTITION public.prediction_20261201_pkey;

ALTER INDEX public.prediction_of_shipment ATTACH PARTITION public.prediction_20261201_shipment_id_idx;

ALTER INDEX public.prediction_of_client ATTACH PARTITION public.prediction_20261202_endpoint_left_idx;

ALTER INDEX public.prediction_of_version ATTACH PARTITION public.prediction_20261202_endpoint_name_version_recorded_at_idx;

ALTER INDEX public.prediction_pkey ATTACH PARTITION public.prediction_20261202_pkey;

ALTER INDEX public.prediction_of_shipment ATTACH PARTITION public.prediction_20261202_shipment_id_idx;

ALTER INDEX public.shadow_prediction_of_version ATTACH PARTITION public.shadow_prediction_20261128_endpoint_name_version_recorded_a_idx;

ALTER INDEX public.shadow_prediction_pkey ATTACH PARTITION public.shadow_prediction_20261128_pkey;

ALTER INDEX public.shadow_prediction_of_shipment ATTACH PARTITION public.shadow_prediction_20261128_shipment_id_idx;

ALTER INDEX public.shadow_prediction_of_version ATTACH PARTITION public.shadow_prediction_20261129_endpoint_name_version_recorded_a_idx;

ALTER INDEX public.shadow_prediction_pkey ATTACH PARTITION public.shadow_prediction_20261129_pkey;

ALTER INDEX public.shadow_prediction_of_shipment ATTACH PARTITION public.shadow_prediction_20261129_shipment_id_idx;

ALTER INDEX public.shadow_prediction_of_version ATTACH PARTITION public.shadow_prediction_20261130_endpoint_name_version_recorded_a_idx;

ALTER INDEX public.shadow_prediction_pkey ATTACH PARTITION public.shadow_prediction_20261130_pkey;

ALTER INDEX public.shadow_prediction_of_shipment ATTACH PARTITION public.shadow_prediction_20261130_shipment_id_idx;

ALTER INDEX public.shadow_prediction_of_version ATTACH PARTITION public.shadow_prediction_20261201_endpoint_name_version_recorded_a_idx;

ALTER INDEX public.shadow_prediction_pkey ATTACH PARTITION public.shadow_prediction_20261201_pkey;

ALTER INDEX public.shadow_prediction_of_shipment ATTACH PARTITION public.shadow_prediction_20261201_shipment_id_idx;

ALTER INDEX public.shadow_prediction_of_version ATTACH PARTITION public.shadow_prediction_20261202_endpoint_name_version_recorded_a_idx;

ALTER INDEX public.shadow_prediction_pkey ATTACH PARTITION public.shadow_prediction_20261202_pkey;

ALTER INDEX public.shadow_prediction_of_shipment ATTACH PARTITION public.shadow_prediction_20261202_shipment_id_idx;

ALTER TABLE ONLY public.excluded_pair
    ADD CONSTRAINT excluded_pair_comparison_id_fkey FOREIGN KEY (comparison_id) REFERENCES public.comparison(id);

ALTER TABLE ONLY public.look
    ADD CONSTRAINT look_comparison_id_fkey FOREIGN KEY (comparison_id) REFERENCES public.comparison(id);
