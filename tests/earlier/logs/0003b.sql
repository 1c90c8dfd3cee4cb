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
    last_outcome bigint,
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

INSERT INTO public.comparison VALUES (1, 'houses', 2, 'tiny-houses', '1.0.0', 'b523ffd284db007f067b5511086a1bd7dcb601e18af79039a59c66cc2fb0ce11', 'tiny-houses', '2.0.0', '4e186abf39671f48ef987e9b1a9e9f76283cb7061f3972a9c2da08e422f014bf', '{"aim": "not_worse", "loss": "absolute", "unit": "request", "alpha": 0.05, "power": 0.8, "guards": ["failures"], "slices": null, "loss_cap": null, "tolerance": 5805.441156545134, "loss_margin": 0.02, "slice_units": 100, "minimum_days": 7.0, "slice_margin": 0.1, "failure_limit": 0.01, "horizon_units": 10000, "loss_quantile": null, "minimum_units": 1000, "planned_units": 1000, "unmatched_limit": 0.01, "minimum_outcomes": 300, "difference_margin": 745.0356764721047, "disagreement_limit": 0.01, "outcome_delay_days": null, "outcome_influenced": false, "beyond_tolerance_limit": 0.05}', '904907f2011e754fb6412a68157878f75cfaaaead7d90882ae3cdec49c1d0cee', 1, '2026-11-29 04:58:58.944717+00', NULL, 1, '\x7801bd584b6fe24810fe2f3e7b50f5bb3bf7d55e57dac31e5014396032561c1b19487606f1dfe72b9b4e8c311699b08b85babaaaba1e7475b93ff6c9ae2ab69be44ed83459d4af79933de5c9dd3e69f245dd2cf36594bcacb3a69d519a6cb29775992f1feadd36b9c3bacd73b15eb310b2555640d492f9bf8b72d79a00ff2d2bb645f504c1214d1ecb7af10ca7f37d74afd87bf481c93a2b1a2880da55dba244142e9820bdd262a68c0a0e6e8bcd43b1cc215e64505865e526effcef9a9c8d53aaeee12bff515708682edae9b258adf2a68da4da95659a748cbc5a20edb94a55ea4590334abfd10c8490c6682b8db25e6a970a0868a68431de1b6b8526ef85018bd9ed1a12d64aa1adf1c2292243ee5d0a8dfb43fa9eb2eca78cc931655063293be7f43529cbd394793a9db24c65aaa4b3be8b5fba20b5152678158c13c78cc96ae4194819e73db97092d4a5043fb5a74129f97feca9410ac187a00d197c8ef9092da5f4de39d21414363aee284611b4553238e35181da19db17feee866a12cebaff6c438f354c33548da3e0b4b74856bb10f7530b222751d4f80a3fb59f28a06d5696051fa97d5254eb1db78b7d827690b58da27ec39cdbc74bb1d974473c4d9eabfaadead88f7959bfb50d217b448369a9455e96dd11c5c1b9e21117742ef1afb11975fa36fa7494f7c773f939a7af1fe929ad29595cfff5f17a2f51338e5ff73db4306e799c3b5c7b3aff9d35a716bad9adec44dbb7b617ed9e8d389d65fe9af361e2d7d9012fc0a6aeb6f1257e7e36c5c7d934fc72fcfad93c8b69f4acc65f248ee3aba6a453b2716b94e2fd351a0d4b2eadb90dffc37e477dccd9beec793f958c7b9fd239919dd74353d72f6dc36ece8b01f7b2ab1b3587acf16577317c059abfe09d3b7edc1525ee87b84a7ecd71ff1739c9158efb0fcb86f2388f635fffb3744cfab3eba6f4c76c0e63e5f990176d8ef1c77851bf3f5ed203ff7c337fd655070ba6f612e534d150baeb76ec56fbe46fc087efc99d4f933fb20d0a05ede89f9c0975401bc39523ff71a17a70d73896ede73cfe95bd3234c1f23f1b90000d9a5d3d65efa0e776d96d9b1d7e3081db7c0b4c5a57f0859ce3056a0d3c552cb6458d7bd24d0f497f93bbb33adcea6bcaae6f65b8be2f1bd27d5dee17b77aa2dd38f6ed465e1cfbb2abe861c173592c8b0d10eb020539c7ed769e8800bc673dc0a0363208e9294913152c264079e49d55412a660a6f34a023e94001176c5cbe05b800188059001f808fc1024904cb069cd2c016324862b0495eb2052d0449adc91a5ccead02f690e032ea14968c62fc0b7f21b0ae4530ca5b6d8cf5da69d9e972080e485904838801629c86ae2025247b32560947d203ca315b6a4022a760d81202d6c21966aba05580692bbd111af8db70c84223762764f00488e8102ab56c436c03b9b15d20106f5a23466335921441307cb730c5462c11292b81ac0c56214da3927bde87bae6bf0670b257f80b60fb9061034ec0bf7484135ca2670c650035dee9c32fcfb8ec64', '{"reasons": ["Not reachable if the present estimate is true: mean absolute loss of the shadow less live''s, less the margin of 0.02 × live''s.", "Share of requests on which the shadow failed is 0.00% (between 0.00% and 41.87% at 97.5 %; limit below 1.00%; 10 units): not settled yet.", "The mean absolute error of the shadow is 7,229 against 6,023 of live, a change of +20.02% (no interval yet; limit below +2.00%; 10 units): not settled yet (10 of the 100 units that any interval needs).", "10 of at least 1,000 units are compared.", "6.73e-07 of at least 7 days are observed.", "10 of at least 300 outcomes are known."], "verdict": "NEED_MORE_DATA"}', '2026-11-29 04:59:09.366732+00');

INSERT INTO public.deployment VALUES (1, 'houses', '2026-11-29 04:58:53.213168+00', 'ann@there', 'the first', 'live', 'tiny-houses', '1.0.0', 'b523ffd284db007f067b5511086a1bd7dcb601e18af79039a59c66cc2fb0ce11', 1, false, NULL, '[]');
INSERT INTO public.deployment VALUES (2, 'houses', '2026-11-29 04:58:58.944717+00', 'ann@there', 'better?', 'shadow', 'tiny-houses', '2.0.0', '4e186abf39671f48ef987e9b1a9e9f76283cb7061f3972a9c2da08e422f014bf', 0.5, false, NULL, '[]');

INSERT INTO public.outcome VALUES (1, 'houses', '01a225ab-bb66-7230-a478-0c2c5a116c91', 0, 1, '205095.0', '2026-11-29 04:59:02.99187+00');
INSERT INTO public.outcome VALUES (2, 'houses', '01a225ab-bb68-76fd-899e-3f993b7fcad4', 0, 1, '168933.0', '2026-11-29 04:59:02.99187+00');
INSERT INTO public.outcome VALUES (3, 'houses', '01a225ab-bb69-7bed-b559-62075727ed94', 0, 1, '253040.0', '2026-11-29 04:59:02.99187+00');
INSERT INTO public.outcome VALUES (4, 'houses', '01a225ab-bb69-7dba-806c-144f9a08b832', 0, 1, '206229.0', '2026-11-29 04:59:02.99187+00');
INSERT INTO public.outcome VALUES (5, 'houses', '01a225ab-bb69-7ca1-a53a-fe58ff6af1b1', 0, 1, '246416.0', '2026-11-29 04:59:02.99187+00');
INSERT INTO public.outcome VALUES (6, 'houses', '01a225ab-bb69-724e-a70a-e5b921b39408', 0, 1, '222153.0', '2026-11-29 04:59:02.99187+00');
INSERT INTO public.outcome VALUES (7, 'houses', '01a225ab-bb6c-7e30-8745-cb5f66e33d28', 0, 1, '168858.0', '2026-11-29 04:59:02.99187+00');
INSERT INTO public.outcome VALUES (8, 'houses', '01a225ab-bb6d-7600-be46-7cb7e063cbb0', 0, 1, '233591.0', '2026-11-29 04:59:02.99187+00');
INSERT INTO public.outcome VALUES (9, 'houses', '01a225ab-bb76-7b4a-b0a6-0abe05b761b5', 0, 1, '204377.0', '2026-11-29 04:59:02.99187+00');
INSERT INTO public.outcome VALUES (10, 'houses', '01a225ab-bb8c-7f09-a086-7474bb633068', 0, 1, '208525.0', '2026-11-29 04:59:02.99187+00');
INSERT INTO public.outcome VALUES (11, 'houses', '01a225ab-bb91-7716-95df-18e853772d0a', 0, 1, '178368.0', '2026-11-29 04:59:02.99187+00');
INSERT INTO public.outcome VALUES (12, 'houses', '01a225ab-bb91-7604-a85c-3464aaba296d', 0, 1, '156471.0', '2026-11-29 04:59:02.99187+00');
INSERT INTO public.outcome VALUES (13, 'houses', '01a225ab-bb94-7571-85f1-0c808e7593e2', 0, 1, '213582.0', '2026-11-29 04:59:02.99187+00');
INSERT INTO public.outcome VALUES (14, 'houses', '01a225ab-bb99-7468-8af1-a69840c7d812', 0, 1, '158373.0', '2026-11-29 04:59:02.99187+00');
INSERT INTO public.outcome VALUES (15, 'houses', '01a225ab-bba2-7be1-acb5-f87e0fa76a9d', 0, 1, '216829.0', '2026-11-29 04:59:02.99187+00');
INSERT INTO public.outcome VALUES (16, 'houses', '01a225ab-bb99-75dc-8473-5d8a733f191d', 0, 1, '145684.0', '2026-11-29 04:59:02.99187+00');

INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ab-bb66-7230-a478-0c2c5a116c91', 0, NULL, '2026-11-29 04:59:01.352706+00', '2026-11-29 04:59:01.442951+00', 1, 'tiny-houses', '1.0.0', '{"area": 133.1, "sold": 2006, "zone": "South", "agent": "Ada", "alley": "Paved", "built": 1993, "rooms": 6, "garage": true, "frontage": 18.8}', '191744.77891714138', 191744.77891714138, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ab-bb68-76fd-899e-3f993b7fcad4', 0, NULL, '2026-11-29 04:59:01.353084+00', '2026-11-29 04:59:01.442951+00', 1, 'tiny-houses', '1.0.0', '{"area": 160.0, "sold": 2006, "zone": "East", "agent": "Ben", "alley": "Gravel", "built": 1941, "rooms": 1, "garage": true, "frontage": 18.7}', '177312.35116949468', 177312.35116949468, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ab-bb69-7bed-b559-62075727ed94', 0, NULL, '2026-11-29 04:59:01.353593+00', '2026-11-29 04:59:01.442951+00', 1, 'tiny-houses', '1.0.0', '{"area": 245.2, "sold": 2006, "zone": "South", "agent": "Ada", "alley": "Gravel", "built": 1903, "rooms": 2, "garage": true, "frontage": 24.8}', '249624.998095309', 249624.998095309, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ab-bb69-7dba-806c-144f9a08b832', 0, NULL, '2026-11-29 04:59:01.353832+00', '2026-11-29 04:59:01.442951+00', 1, 'tiny-houses', '1.0.0', '{"area": 144.7, "sold": 2007, "zone": "West", "agent": "Ben", "alley": null, "built": 1978, "rooms": 6, "garage": true, "frontage": 14.1}', '208701.1053748189', 208701.1053748189, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ab-bb69-7ca1-a53a-fe58ff6af1b1', 0, NULL, '2026-11-29 04:59:01.353976+00', '2026-11-29 04:59:01.442951+00', 1, 'tiny-houses', '1.0.0', '{"area": 218.6, "sold": 2007, "zone": "West", "agent": "Ben", "alley": null, "built": 1911, "rooms": 7, "garage": false, "frontage": 23.7}', '252771.7328966644', 252771.7328966644, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ab-bb69-724e-a70a-e5b921b39408', 0, NULL, '2026-11-29 04:59:01.356177+00', '2026-11-29 04:59:01.442951+00', 1, 'tiny-houses', '1.0.0', '{"area": 188.9, "sold": 2007, "zone": "South", "agent": "Ada", "alley": "Paved", "built": 1967, "rooms": 6, "garage": true, "frontage": 14.5}', '232103.17392355634', 232103.17392355634, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ab-bb6c-7e30-8745-cb5f66e33d28', 0, NULL, '2026-11-29 04:59:01.357482+00', '2026-11-29 04:59:01.442951+00', 1, 'tiny-houses', '1.0.0', '{"area": 126.2, "sold": 2007, "zone": "South", "agent": "Ada", "alley": null, "built": 1918, "rooms": 8, "garage": true, "frontage": null}', '171510.01098785503', 171510.01098785503, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ab-bb6d-7600-be46-7cb7e063cbb0', 0, NULL, '2026-11-29 04:59:01.357774+00', '2026-11-29 04:59:01.442951+00', 1, 'tiny-houses', '1.0.0', '{"area": 184.8, "sold": 2007, "zone": "East", "agent": "Ada", "alley": "Paved", "built": 2003, "rooms": 4, "garage": true, "frontage": 15.8}', '230606.55879261193', 230606.55879261193, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ab-bb76-7b4a-b0a6-0abe05b761b5', 0, NULL, '2026-11-29 04:59:01.366639+00', '2026-11-29 04:59:01.442951+00', 1, 'tiny-houses', '1.0.0', '{"area": 168.7, "sold": 2008, "zone": "East", "agent": "Ben", "alley": null, "built": 1974, "rooms": 3, "garage": true, "frontage": 27.2}', '208124.39926421782', 208124.39926421782, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ab-bb8c-7f09-a086-7474bb633068', 0, NULL, '2026-11-29 04:59:01.39303+00', '2026-11-29 04:59:01.442951+00', 1, 'tiny-houses', '1.0.0', '{"area": 141.1, "sold": 2008, "zone": "South", "agent": "Ada", "alley": "Paved", "built": 2009, "rooms": 7, "garage": true, "frontage": 22.8}', '209293.85269940912', 209293.85269940912, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ab-bb91-7716-95df-18e853772d0a', 0, NULL, '2026-11-29 04:59:01.393326+00', '2026-11-29 04:59:01.442951+00', 1, 'tiny-houses', '1.0.0', '{"area": 137.1, "sold": 2009, "zone": "East", "agent": "Ada", "alley": "Gravel", "built": 1967, "rooms": 1, "garage": true, "frontage": 32.2}', '170030.175823187', 170030.175823187, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ab-bb91-7604-a85c-3464aaba296d', 0, NULL, '2026-11-29 04:59:01.393465+00', '2026-11-29 04:59:01.442951+00', 1, 'tiny-houses', '1.0.0', '{"area": 99.2, "sold": 2010, "zone": "South", "agent": "Ben", "alley": null, "built": 1988, "rooms": 4, "garage": true, "frontage": 24.2}', '154131.56462696032', 154131.56462696032, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ab-bb94-7571-85f1-0c808e7593e2', 0, NULL, '2026-11-29 04:59:01.401415+00', '2026-11-29 04:59:01.442951+00', 1, 'tiny-houses', '1.0.0', '{"area": 169.9, "sold": 2009, "zone": "West", "agent": "Ben", "alley": "Paved", "built": 1979, "rooms": 2, "garage": false, "frontage": 23.2}', '209313.80177009501', 209313.80177009501, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ab-bb99-7468-8af1-a69840c7d812', 0, NULL, '2026-11-29 04:59:01.401767+00', '2026-11-29 04:59:01.442951+00', 1, 'tiny-houses', '1.0.0', '{"area": 112.4, "sold": 2010, "zone": "South", "agent": "Ben", "alley": "Gravel", "built": 1916, "rooms": 7, "garage": false, "frontage": 19.6}', '143074.8121362161', 143074.8121362161, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ab-bb99-75dc-8473-5d8a733f191d', 0, NULL, '2026-11-29 04:59:01.410583+00', '2026-11-29 04:59:01.442951+00', 1, 'tiny-houses', '1.0.0', '{"area": 125.2, "sold": 2010, "zone": "South", "agent": "Ada", "alley": "Paved", "built": 1912, "rooms": 2, "garage": true, "frontage": 17.0}', '143671.06988589698', 143671.06988589698, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ab-bba2-7be1-acb5-f87e0fa76a9d', 0, NULL, '2026-11-29 04:59:01.410874+00', '2026-11-29 04:59:01.442951+00', 1, 'tiny-houses', '1.0.0', '{"area": 197.2, "sold": 2009, "zone": "East", "agent": "Ada", "alley": null, "built": 1941, "rooms": 2, "garage": false, "frontage": 24.2}', '208745.04662412673', 208745.04662412673, NULL, 2);

INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ab-bb66-7230-a478-0c2c5a116c91', 0, '2026-11-29 04:59:01.442951+00', 1, 'tiny-houses', '2.0.0', 'scored', '190459.27979176227', 190459.27979176227, NULL, NULL, '2026-11-29 04:59:01.562485+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ab-bb69-7ca1-a53a-fe58ff6af1b1', 0, '2026-11-29 04:59:01.442951+00', 1, 'tiny-houses', '2.0.0', 'scored', '245422.8527541872', 245422.8527541872, NULL, NULL, '2026-11-29 04:59:01.562485+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ab-bb69-7dba-806c-144f9a08b832', 0, '2026-11-29 04:59:01.442951+00', 1, 'tiny-houses', '2.0.0', 'scored', '212613.80721794473', 212613.80721794473, NULL, NULL, '2026-11-29 04:59:01.562485+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ab-bb6c-7e30-8745-cb5f66e33d28', 0, '2026-11-29 04:59:01.442951+00', 1, 'tiny-houses', '2.0.0', 'scored', '154017.27828990988', 154017.27828990988, NULL, NULL, '2026-11-29 04:59:01.562485+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ab-bb6d-7600-be46-7cb7e063cbb0', 0, '2026-11-29 04:59:01.442951+00', 1, 'tiny-houses', '2.0.0', 'scored', '229798.61515931095', 229798.61515931095, NULL, NULL, '2026-11-29 04:59:01.562485+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ab-bb76-7b4a-b0a6-0abe05b761b5', 0, '2026-11-29 04:59:01.442951+00', 1, 'tiny-houses', '2.0.0', 'scored', '207848.35750032743', 207848.35750032743, NULL, NULL, '2026-11-29 04:59:01.562485+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ab-bb8c-7f09-a086-7474bb633068', 0, '2026-11-29 04:59:01.442951+00', 1, 'tiny-houses', '2.0.0', 'scored', '204124.0128667236', 204124.0128667236, NULL, NULL, '2026-11-29 04:59:01.562485+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ab-bb91-7716-95df-18e853772d0a', 0, '2026-11-29 04:59:01.442951+00', 1, 'tiny-houses', '2.0.0', 'scored', '162308.26133079437', 162308.26133079437, NULL, NULL, '2026-11-29 04:59:01.562485+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ab-bb94-7571-85f1-0c808e7593e2', 0, '2026-11-29 04:59:01.442951+00', 1, 'tiny-houses', '2.0.0', 'scored', '214001.32343537183', 214001.32343537183, NULL, NULL, '2026-11-29 04:59:01.562485+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ab-bb99-7468-8af1-a69840c7d812', 0, '2026-11-29 04:59:01.442951+00', 1, 'tiny-houses', '2.0.0', 'scored', '151080.13499291177', 151080.13499291177, NULL, NULL, '2026-11-29 04:59:01.562485+00');

INSERT INTO public.shadow_state VALUES ('houses', 'tiny-houses', '2.0.0', 'scoring', '', '2026-11-29 04:58:59.908427+00');

INSERT INTO public.shipment VALUES (1, 'houses', 'ffa40465-965b-4b3d-8440-419f211d870e', 1, 16, 16, '2026-11-29 04:59:01.442951+00');

INSERT INTO public.spool VALUES ('ffa40465-965b-4b3d-8440-419f211d870e', 'houses', 'there', 16, 2, NULL, 0, true, '2026-11-29 04:58:45.538724+00', '2026-11-29 04:59:08.368601+00');

INSERT INTO public.work VALUES (1, 'houses', 'tiny-houses', '2.0.0', 1, '2026-11-29 04:59:01.442951+00', 0.5, 16, 'done', 'vm:12421:f1a1188c', NULL, 1, 10, 6, 0, 0, '2026-11-29 04:59:01.441837+00', '2026-11-29 04:59:01.56543+00', 1, 1);

SELECT pg_catalog.setval('public.comparison_id_seq', 9, true);

SELECT pg_catalog.setval('public.deployment_id_seq', 2, true);

SELECT pg_catalog.setval('public.outcome_id_seq', 16, true);

SELECT pg_catalog.setval('public.quarantine_id_seq', 1, false);

SELECT pg_catalog.setval('public.shipment_id_seq', 1, true);

SELECT pg_catalog.setval('public.work_id_seq', 1, true);

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
