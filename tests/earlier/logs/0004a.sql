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

CREATE TABLE public.replay (
    id bigint NOT NULL,
    endpoint text NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    who text NOT NULL,
    name text NOT NULL,
    version text NOT NULL,
    digest text NOT NULL,
    share double precision DEFAULT 1 NOT NULL,
    since timestamp with time zone NOT NULL,
    until timestamp with time zone NOT NULL,
    CONSTRAINT replay_check CHECK ((since < until)),
    CONSTRAINT replay_share_check CHECK (((share > (0)::double precision) AND (share <= (1)::double precision)))
);

CREATE SEQUENCE public.replay_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.replay_id_seq OWNED BY public.replay.id;

CREATE TABLE public.reproduction (
    id bigint NOT NULL,
    endpoint text NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    finished_at timestamp with time zone,
    report jsonb,
    CONSTRAINT reproduction_check CHECK (((finished_at IS NULL) OR (report IS NOT NULL)))
);

CREATE SEQUENCE public.reproduction_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.reproduction_id_seq OWNED BY public.reproduction.id;

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
    replayed boolean DEFAULT false NOT NULL,
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

ALTER TABLE ONLY public.replay ALTER COLUMN id SET DEFAULT nextval('public.replay_id_seq'::regclass);

ALTER TABLE ONLY public.reproduction ALTER COLUMN id SET DEFAULT nextval('public.reproduction_id_seq'::regclass);

ALTER TABLE ONLY public.shipment ALTER COLUMN id SET DEFAULT nextval('public.shipment_id_seq'::regclass);

ALTER TABLE ONLY public.work ALTER COLUMN id SET DEFAULT nextval('public.work_id_seq'::regclass);

INSERT INTO public.alembic_version VALUES ('0004');

INSERT INTO public.comparison VALUES (1, 'houses', 2, 'tiny-houses', '1.0.0', '62b5b08b4f1342f345f6414c6ec9c23a5a5a4b5b126ae8f8b221c01f77854ea5', 'tiny-houses', '2.0.0', '47581f86f7fdf5c178fc7a45bdcf4a0200e12b3ab293f41652e3d33d4e464191', '{"aim": "not_worse", "loss": "absolute", "unit": "request", "alpha": 0.05, "power": 0.8, "guards": ["failures"], "slices": null, "loss_cap": null, "tolerance": 5805.441156545134, "loss_margin": 0.02, "slice_units": 100, "minimum_days": 7.0, "slice_margin": 0.1, "failure_limit": 0.01, "horizon_units": 10000, "loss_quantile": null, "minimum_units": 1000, "planned_units": 1000, "unmatched_limit": 0.01, "minimum_outcomes": 300, "difference_margin": 745.0356764721047, "disagreement_limit": 0.01, "outcome_delay_days": null, "outcome_influenced": false, "beyond_tolerance_limit": 0.05}', '904907f2011e754fb6412a68157878f75cfaaaead7d90882ae3cdec49c1d0cee', 1, '2026-11-29 05:00:52.204035+00', NULL, 1, '\x7801b5584b6fe33610fe2f3cab01397cfb5ef45aa0873d1841a0d8722a44910cd9deecd6f07fef47c94c684b16ecac1782c3e1cc701e9a21c52f7bb6abcbed86cd84c9d8a2f95eb4f94bc1667bd6168ba65d16cb28795be76d37e319dbe46febaa583e35bb2d9b61dde6b55caf8310b2555e42d491c58f45b5eb4c80ff9e97dbb27e81e090b1e7aa59bcc2e97c1fddcbe03dfac0649d972d1440edea6d59210aebb527a7b47ad0a00465acdc3c95cb02e2450e85555e6d8adeffae2d82719ec947f82a7e3635029a8b6eba2c57aba2ed22a9775595b19e51d40ba43d97191eb2c63df08c3f9052862b2f94f19eacb42e131d9f4ba5108af75279e51d69e806fdeec795e6526821b925fc15220ac2f878c83e5246069f2963724c19d43065c33929714dca749a72984ea74c197da4fc0772b69e9411da3be9b5153163a31c785c6aeb1cb7dea649a5749ae02d35354a18fbfb6aea84a76349417a4324045927953c2648d269329ec83bcdb95027095ab49db3680b44c9499fc8d2846faaa8b6eab7d5f3982eca29d1ba567a619198b11f1d8c1ef7c26b85e69628ab4f4b98d28f07f4cf36afaa32eca83d2bebf52e9c167b86d320efce89e61df3707abc959b4dbfc333f65a37ef75cf7e2eaae6bd3b0ff2679c2f1db528aaaadfa1d832573cd843a3cf25feb8f63837b591d263da43f99073ddba4fadeb2c7cea7f8dbade4bd48ce3d7fc4dad1ab73cce9db2c3b3afac19b3782f3bd1f6bded45bb8311bbb32abe17613385afd901dfbfb6a9b7f11b3edc9bf886c4bda9c3b7f1d7f7e620a6c99d3afd66a6a453b24b31e0f3351acdfd3ae7b2e728e923388d8392a84e2571d5e938a573221bf643db346fdd81dd0e9b01d7b2d80c38bfa79b2184acf00bee62f81274f8813774fcbc2b2b5c0f7193fc35c7e99b38c9158ed327c8cee5711ec754ff563a267debba29fd319be7b186f9392fda1ce38ff1a27e3a5ed2037f58ccff9aba470553b5443b4df4507fdb8ea7d59efd996fd01e3884fe018cf897cd5cc6be1581250f38c670e5287e5ee81ef4eab16d6ff3f8579be3a86433dcbbfe06054c6082ab97fc03f3dc2fbb6dbbc30b0b28a5c325707a08be906abc40ad01a7cac5b66c704fbaeb26498bdcefd5f3525fd376a995f3f5a9ec9c4e75c37971af27da8d636a37f2e298caaea2cf1b3e946a596e00581768c8396eb77326bc01107486b4d204fce938cb98f40613cd2d77d6484f323085d3ca930072e40014404e46804be480202c70158094f1ca7a130c5860480b1bc44990e68e820525803394e2460be78db4da11b85a3b270cd7527a20548b9b7dd03508463aa3b4364e5945bd6e08c14a2d71c947c45c78aba02b804c2978d2460acbc901c90536291760020c1b8e8095b03ab0a55712b04119725a28c06f1d42160ab15b0140c181102d42e51d5bf36003b905bb40204e774634a0b24692c20be02d61602a1801a2e5d290c4dbc32aa4a9257b0c75689af09f01ecec15fe03b07dca518053ec4fde430da7c7b9cc18c4e20eff037cf6ec4e', '{"reasons": ["Not reachable if the present estimate is true: mean absolute loss of the shadow less live''s, less the margin of 0.02 × live''s.", "Share of requests on which the shadow failed is 0.00% (between 0.00% and 41.87% at 97.5 %; limit below 1.00%; 10 units): not settled yet.", "The mean absolute error of the shadow is 8,506 against 5,544 of live, a change of +53.44% (no interval yet; limit below +2.00%; 10 units): not settled yet (10 of the 100 units that any interval needs).", "10 of at least 1,000 units are compared.", "7.62e-07 of at least 7 days are observed.", "10 of at least 300 outcomes are known."], "verdict": "NEED_MORE_DATA"}', '2026-11-29 05:01:12.618114+00');

INSERT INTO public.deployment VALUES (1, 'houses', '2026-11-29 05:00:48.182846+00', 'ann@there', 'the first', 'live', 'tiny-houses', '1.0.0', '62b5b08b4f1342f345f6414c6ec9c23a5a5a4b5b126ae8f8b221c01f77854ea5', 1, false, NULL, '[]');
INSERT INTO public.deployment VALUES (2, 'houses', '2026-11-29 05:00:52.204035+00', 'ann@there', 'better?', 'shadow', 'tiny-houses', '2.0.0', '47581f86f7fdf5c178fc7a45bdcf4a0200e12b3ab293f41652e3d33d4e464191', 0.5, false, NULL, '[]');

INSERT INTO public.outcome VALUES (1, 'houses', '01a225ad-75c2-79a1-8f4c-569eeba960f4', 0, 1, '168933.0', '2026-11-29 05:00:56.350486+00');
INSERT INTO public.outcome VALUES (2, 'houses', '01a225ad-75c3-71bc-a7c0-bd843ea7dba2', 0, 1, '253040.0', '2026-11-29 05:00:56.350486+00');
INSERT INTO public.outcome VALUES (3, 'houses', '01a225ad-75c3-720c-93c9-7d8d3a2fe742', 0, 1, '206229.0', '2026-11-29 05:00:56.350486+00');
INSERT INTO public.outcome VALUES (4, 'houses', '01a225ad-75c3-729b-86f9-7ca23ccc4526', 0, 1, '246416.0', '2026-11-29 05:00:56.350486+00');
INSERT INTO public.outcome VALUES (5, 'houses', '01a225ad-75c4-7daa-a224-d76f17f1768e', 0, 1, '222153.0', '2026-11-29 05:00:56.350486+00');
INSERT INTO public.outcome VALUES (6, 'houses', '01a225ad-75c4-7888-b553-2012e57eb57c', 0, 1, '168858.0', '2026-11-29 05:00:56.350486+00');
INSERT INTO public.outcome VALUES (7, 'houses', '01a225ad-75c7-7f2d-8305-a22a015d2a12', 0, 1, '233591.0', '2026-11-29 05:00:56.350486+00');
INSERT INTO public.outcome VALUES (8, 'houses', '01a225ad-75bc-75d7-b127-c95913501bfe', 0, 1, '205095.0', '2026-11-29 05:00:56.350486+00');
INSERT INTO public.outcome VALUES (9, 'houses', '01a225ad-75e5-78fe-98cd-a2e68cc9de6e', 0, 1, '158373.0', '2026-11-29 05:00:56.350486+00');
INSERT INTO public.outcome VALUES (10, 'houses', '01a225ad-75dc-7a31-a572-c9e133f16df2', 0, 1, '204377.0', '2026-11-29 05:00:56.350486+00');
INSERT INTO public.outcome VALUES (11, 'houses', '01a225ad-75f0-710d-959c-b2f074ecc555', 0, 1, '208525.0', '2026-11-29 05:00:56.350486+00');
INSERT INTO public.outcome VALUES (12, 'houses', '01a225ad-75f1-7d45-a3ec-9bcfca2d8a66', 0, 1, '216829.0', '2026-11-29 05:00:56.350486+00');
INSERT INTO public.outcome VALUES (13, 'houses', '01a225ad-75f1-79c6-aaf4-404315edde14', 0, 1, '178368.0', '2026-11-29 05:00:56.350486+00');
INSERT INTO public.outcome VALUES (14, 'houses', '01a225ad-75fc-7f9a-87e7-0c3e80ed1667', 0, 1, '145684.0', '2026-11-29 05:00:56.350486+00');
INSERT INTO public.outcome VALUES (15, 'houses', '01a225ad-7604-77e5-8607-79c5aed4da17', 0, 1, '156471.0', '2026-11-29 05:00:56.350486+00');
INSERT INTO public.outcome VALUES (16, 'houses', '01a225ad-7604-79c5-a8a0-553fb1b821cb', 0, 1, '213582.0', '2026-11-29 05:00:56.350486+00');

INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ad-75c2-79a1-8f4c-569eeba960f4', 0, NULL, '2026-11-29 05:00:54.595299+00', '2026-11-29 05:00:54.644473+00', 1, 'tiny-houses', '1.0.0', '{"area": 160.0, "sold": 2006, "zone": "East", "agent": "Ben", "alley": "Gravel", "built": 1941, "rooms": 1, "garage": true, "frontage": 18.7}', '177312.35116949468', 177312.35116949468, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ad-75c3-71bc-a7c0-bd843ea7dba2', 0, NULL, '2026-11-29 05:00:54.595752+00', '2026-11-29 05:00:54.644473+00', 1, 'tiny-houses', '1.0.0', '{"area": 245.2, "sold": 2006, "zone": "South", "agent": "Ada", "alley": "Gravel", "built": 1903, "rooms": 2, "garage": true, "frontage": 24.8}', '249624.998095309', 249624.998095309, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ad-75c3-720c-93c9-7d8d3a2fe742', 0, NULL, '2026-11-29 05:00:54.595912+00', '2026-11-29 05:00:54.644473+00', 1, 'tiny-houses', '1.0.0', '{"area": 144.7, "sold": 2007, "zone": "West", "agent": "Ben", "alley": null, "built": 1978, "rooms": 6, "garage": true, "frontage": 14.1}', '208701.1053748189', 208701.1053748189, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ad-75c3-729b-86f9-7ca23ccc4526', 0, NULL, '2026-11-29 05:00:54.596054+00', '2026-11-29 05:00:54.644473+00', 1, 'tiny-houses', '1.0.0', '{"area": 218.6, "sold": 2007, "zone": "West", "agent": "Ben", "alley": null, "built": 1911, "rooms": 7, "garage": false, "frontage": 23.7}', '252771.7328966644', 252771.7328966644, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ad-75c4-7daa-a224-d76f17f1768e', 0, NULL, '2026-11-29 05:00:54.596192+00', '2026-11-29 05:00:54.644473+00', 1, 'tiny-houses', '1.0.0', '{"area": 188.9, "sold": 2007, "zone": "South", "agent": "Ada", "alley": "Paved", "built": 1967, "rooms": 6, "garage": true, "frontage": 14.5}', '232103.17392355634', 232103.17392355634, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ad-75c4-7888-b553-2012e57eb57c', 0, NULL, '2026-11-29 05:00:54.599874+00', '2026-11-29 05:00:54.644473+00', 1, 'tiny-houses', '1.0.0', '{"area": 126.2, "sold": 2007, "zone": "South", "agent": "Ada", "alley": null, "built": 1918, "rooms": 8, "garage": true, "frontage": null}', '171510.01098785503', 171510.01098785503, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ad-75c7-7f2d-8305-a22a015d2a12', 0, NULL, '2026-11-29 05:00:54.600241+00', '2026-11-29 05:00:54.644473+00', 1, 'tiny-houses', '1.0.0', '{"area": 184.8, "sold": 2007, "zone": "East", "agent": "Ada", "alley": "Paved", "built": 2003, "rooms": 4, "garage": true, "frontage": 15.8}', '230606.55879261193', 230606.55879261193, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ad-75bc-75d7-b127-c95913501bfe', 0, NULL, '2026-11-29 05:00:54.600287+00', '2026-11-29 05:00:54.644473+00', 1, 'tiny-houses', '1.0.0', '{"area": 133.1, "sold": 2006, "zone": "South", "agent": "Ada", "alley": "Paved", "built": 1993, "rooms": 6, "garage": true, "frontage": 18.8}', '191744.77891714138', 191744.77891714138, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ad-75e5-78fe-98cd-a2e68cc9de6e', 0, NULL, '2026-11-29 05:00:54.629606+00', '2026-11-29 05:00:54.755324+00', 2, 'tiny-houses', '1.0.0', '{"area": 112.4, "sold": 2010, "zone": "South", "agent": "Ben", "alley": "Gravel", "built": 1916, "rooms": 7, "garage": false, "frontage": 19.6}', '143074.8121362161', 143074.8121362161, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ad-75dc-7a31-a572-c9e133f16df2', 0, NULL, '2026-11-29 05:00:54.629644+00', '2026-11-29 05:00:54.755324+00', 2, 'tiny-houses', '1.0.0', '{"area": 168.7, "sold": 2008, "zone": "East", "agent": "Ben", "alley": null, "built": 1974, "rooms": 3, "garage": true, "frontage": 27.2}', '208124.39926421782', 208124.39926421782, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ad-75f0-710d-959c-b2f074ecc555', 0, NULL, '2026-11-29 05:00:54.641421+00', '2026-11-29 05:00:54.755324+00', 2, 'tiny-houses', '1.0.0', '{"area": 141.1, "sold": 2008, "zone": "South", "agent": "Ada", "alley": "Paved", "built": 2009, "rooms": 7, "garage": true, "frontage": 22.8}', '209293.85269940912', 209293.85269940912, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ad-75f1-7d45-a3ec-9bcfca2d8a66', 0, NULL, '2026-11-29 05:00:54.641672+00', '2026-11-29 05:00:54.755324+00', 2, 'tiny-houses', '1.0.0', '{"area": 197.2, "sold": 2009, "zone": "East", "agent": "Ada", "alley": null, "built": 1941, "rooms": 2, "garage": false, "frontage": 24.2}', '208745.04662412673', 208745.04662412673, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ad-75f1-79c6-aaf4-404315edde14', 0, NULL, '2026-11-29 05:00:54.650408+00', '2026-11-29 05:00:54.755324+00', 2, 'tiny-houses', '1.0.0', '{"area": 137.1, "sold": 2009, "zone": "East", "agent": "Ada", "alley": "Gravel", "built": 1967, "rooms": 1, "garage": true, "frontage": 32.2}', '170030.175823187', 170030.175823187, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ad-75fc-7f9a-87e7-0c3e80ed1667', 0, NULL, '2026-11-29 05:00:54.6574+00', '2026-11-29 05:00:54.755324+00', 2, 'tiny-houses', '1.0.0', '{"area": 125.2, "sold": 2010, "zone": "South", "agent": "Ada", "alley": "Paved", "built": 1912, "rooms": 2, "garage": true, "frontage": 17.0}', '143671.06988589698', 143671.06988589698, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ad-7604-77e5-8607-79c5aed4da17', 0, NULL, '2026-11-29 05:00:54.660951+00', '2026-11-29 05:00:54.755324+00', 2, 'tiny-houses', '1.0.0', '{"area": 99.2, "sold": 2010, "zone": "South", "agent": "Ben", "alley": null, "built": 1988, "rooms": 4, "garage": true, "frontage": 24.2}', '154131.56462696032', 154131.56462696032, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ad-7604-79c5-a8a0-553fb1b821cb', 0, NULL, '2026-11-29 05:00:54.661108+00', '2026-11-29 05:00:54.755324+00', 2, 'tiny-houses', '1.0.0', '{"area": 169.9, "sold": 2009, "zone": "West", "agent": "Ben", "alley": "Paved", "built": 1979, "rooms": 2, "garage": false, "frontage": 23.2}', '209313.80177009501', 209313.80177009501, NULL, 2);

INSERT INTO public.replay VALUES (1, 'houses', '2026-11-29 05:01:04.197043+00', 'ann@there', 'tiny-houses', '3.0.0', '15fcd4dbf8752f7b90d3ef41f7f322345b83763b9eb2b871773d8bd84167a46f', 1, '2026-11-28 05:01:02.860048+00', '2026-11-29 05:01:04.03193+00');

INSERT INTO public.reproduction VALUES (1, 'houses', '2026-11-29 05:00:55.526512+00', '2026-11-29 05:00:55.962115+00', '{"seed": 1867932046, "since": "2026-11-28T05:00:55.526512+00:00", "until": "2026-11-29T05:00:55.526512+00:00", "endpoint": "houses", "versions": [{"why": "the same engine and libraries: equal to the last bit", "name": "tiny-houses", "digest": "62b5b08b4f1342f345f6414c6ec9c23a5a5a4b5b126ae8f8b221c01f77854ea5", "engine": "compiled", "within": 0, "largest": 0.0, "missing": 0, "problem": null, "sampled": 16, "version": "1.0.0", "examples": [], "recorded": 16, "differing": 0, "identical": 16, "tolerance": 0.0}]}');

INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ad-75bc-75d7-b127-c95913501bfe', 0, '2026-11-29 05:00:54.644473+00', 1, 'tiny-houses', '2.0.0', 'scored', '190459.27979176227', 190459.27979176227, NULL, NULL, '2026-11-29 05:00:54.961742+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ad-75c2-79a1-8f4c-569eeba960f4', 0, '2026-11-29 05:00:54.644473+00', 1, 'tiny-houses', '2.0.0', 'scored', '180834.50852342858', 180834.50852342858, NULL, NULL, '2026-11-29 05:00:54.961742+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ad-75c3-71bc-a7c0-bd843ea7dba2', 0, '2026-11-29 05:00:54.644473+00', 1, 'tiny-houses', '2.0.0', 'scored', '266235.7804328467', 266235.7804328467, NULL, NULL, '2026-11-29 05:00:54.961742+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ad-75c3-720c-93c9-7d8d3a2fe742', 0, '2026-11-29 05:00:54.644473+00', 1, 'tiny-houses', '2.0.0', 'scored', '212613.80721794473', 212613.80721794473, NULL, NULL, '2026-11-29 05:00:54.961742+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ad-75c4-7888-b553-2012e57eb57c', 0, '2026-11-29 05:00:54.644473+00', 1, 'tiny-houses', '2.0.0', 'scored', '154017.27828990988', 154017.27828990988, NULL, NULL, '2026-11-29 05:00:54.961742+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ad-75c7-7f2d-8305-a22a015d2a12', 0, '2026-11-29 05:00:54.644473+00', 1, 'tiny-houses', '2.0.0', 'scored', '229798.61515931095', 229798.61515931095, NULL, NULL, '2026-11-29 05:00:54.961742+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ad-75dc-7a31-a572-c9e133f16df2', 0, '2026-11-29 05:00:54.755324+00', 2, 'tiny-houses', '2.0.0', 'scored', '207848.35750032743', 207848.35750032743, NULL, NULL, '2026-11-29 05:00:55.052399+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ad-75f1-79c6-aaf4-404315edde14', 0, '2026-11-29 05:00:54.755324+00', 2, 'tiny-houses', '2.0.0', 'scored', '162308.26133079437', 162308.26133079437, NULL, NULL, '2026-11-29 05:00:55.052399+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ad-75f1-7d45-a3ec-9bcfca2d8a66', 0, '2026-11-29 05:00:54.755324+00', 2, 'tiny-houses', '2.0.0', 'scored', '216406.34142644', 216406.34142644, NULL, NULL, '2026-11-29 05:00:55.052399+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ad-75fc-7f9a-87e7-0c3e80ed1667', 0, '2026-11-29 05:00:54.755324+00', 2, 'tiny-houses', '2.0.0', 'scored', '145331.33171726807', 145331.33171726807, NULL, NULL, '2026-11-29 05:00:55.052399+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ad-75bc-75d7-b127-c95913501bfe', 0, '2026-11-29 05:00:54.644473+00', 1, 'tiny-houses', '3.0.0', 'scored', '191744.77891714138', 191744.77891714138, NULL, NULL, '2026-11-29 05:01:05.321813+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ad-75c2-79a1-8f4c-569eeba960f4', 0, '2026-11-29 05:00:54.644473+00', 1, 'tiny-houses', '3.0.0', 'scored', '177312.35116949468', 177312.35116949468, NULL, NULL, '2026-11-29 05:01:05.321813+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ad-75c3-71bc-a7c0-bd843ea7dba2', 0, '2026-11-29 05:00:54.644473+00', 1, 'tiny-houses', '3.0.0', 'scored', '249624.998095309', 249624.998095309, NULL, NULL, '2026-11-29 05:01:05.321813+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ad-75c3-720c-93c9-7d8d3a2fe742', 0, '2026-11-29 05:00:54.644473+00', 1, 'tiny-houses', '3.0.0', 'scored', '208701.1053748189', 208701.1053748189, NULL, NULL, '2026-11-29 05:01:05.321813+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ad-75c3-729b-86f9-7ca23ccc4526', 0, '2026-11-29 05:00:54.644473+00', 1, 'tiny-houses', '3.0.0', 'scored', '252771.7328966644', 252771.7328966644, NULL, NULL, '2026-11-29 05:01:05.321813+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ad-75c4-7888-b553-2012e57eb57c', 0, '2026-11-29 05:00:54.644473+00', 1, 'tiny-houses', '3.0.0', 'scored', '171510.01098785503', 171510.01098785503, NULL, NULL, '2026-11-29 05:01:05.321813+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ad-75c4-7daa-a224-d76f17f1768e', 0, '2026-11-29 05:00:54.644473+00', 1, 'tiny-houses', '3.0.0', 'scored', '232103.17392355634', 232103.17392355634, NULL, NULL, '2026-11-29 05:01:05.321813+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ad-75c7-7f2d-8305-a22a015d2a12', 0, '2026-11-29 05:00:54.644473+00', 1, 'tiny-houses', '3.0.0', 'scored', '230606.55879261193', 230606.55879261193, NULL, NULL, '2026-11-29 05:01:05.321813+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ad-75dc-7a31-a572-c9e133f16df2', 0, '2026-11-29 05:00:54.755324+00', 2, 'tiny-houses', '3.0.0', 'scored', '208124.39926421782', 208124.39926421782, NULL, NULL, '2026-11-29 05:01:05.386935+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ad-75e5-78fe-98cd-a2e68cc9de6e', 0, '2026-11-29 05:00:54.755324+00', 2, 'tiny-houses', '3.0.0', 'scored', '143074.8121362161', 143074.8121362161, NULL, NULL, '2026-11-29 05:01:05.386935+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ad-75f0-710d-959c-b2f074ecc555', 0, '2026-11-29 05:00:54.755324+00', 2, 'tiny-houses', '3.0.0', 'scored', '209293.85269940912', 209293.85269940912, NULL, NULL, '2026-11-29 05:01:05.386935+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ad-75f1-79c6-aaf4-404315edde14', 0, '2026-11-29 05:00:54.755324+00', 2, 'tiny-houses', '3.0.0', 'scored', '170030.175823187', 170030.175823187, NULL, NULL, '2026-11-29 05:01:05.386935+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ad-75f1-7d45-a3ec-9bcfca2d8a66', 0, '2026-11-29 05:00:54.755324+00', 2, 'tiny-houses', '3.0.0', 'scored', '208745.04662412673', 208745.04662412673, NULL, NULL, '2026-11-29 05:01:05.386935+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ad-75fc-7f9a-87e7-0c3e80ed1667', 0, '2026-11-29 05:00:54.755324+00', 2, 'tiny-houses', '3.0.0', 'scored', '143671.06988589698', 143671.06988589698, NULL, NULL, '2026-11-29 05:01:05.386935+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ad-7604-77e5-8607-79c5aed4da17', 0, '2026-11-29 05:00:54.755324+00', 2, 'tiny-houses', '3.0.0', 'scored', '154131.56462696032', 154131.56462696032, NULL, NULL, '2026-11-29 05:01:05.386935+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ad-7604-79c5-a8a0-553fb1b821cb', 0, '2026-11-29 05:00:54.755324+00', 2, 'tiny-houses', '3.0.0', 'scored', '209313.80177009501', 209313.80177009501, NULL, NULL, '2026-11-29 05:01:05.386935+00');

INSERT INTO public.shadow_state VALUES ('houses', 'tiny-houses', '2.0.0', 'scoring', '', '2026-11-29 05:00:52.808571+00');

INSERT INTO public.shipment VALUES (1, 'houses', 'd974f402-180e-4d03-8f3d-1718397bf8b7', 1, 8, 8, '2026-11-29 05:00:54.644473+00');
INSERT INTO public.shipment VALUES (2, 'houses', 'd974f402-180e-4d03-8f3d-1718397bf8b7', 9, 16, 8, '2026-11-29 05:00:54.755324+00');

INSERT INTO public.spool VALUES ('d974f402-180e-4d03-8f3d-1718397bf8b7', 'houses', 'there', 16, 2, NULL, 0, true, '2026-11-29 05:00:40.451574+00', '2026-11-29 05:01:11.768408+00');

INSERT INTO public.work VALUES (1, 'houses', 'tiny-houses', '2.0.0', 1, '2026-11-29 05:00:54.644473+00', 0.5, 8, 'done', 'vm:13853:ba3040c9', NULL, 1, 6, 2, 0, 0, '2026-11-29 05:00:54.6433+00', '2026-11-29 05:00:54.964539+00', 1, 1, false);
INSERT INTO public.work VALUES (2, 'houses', 'tiny-houses', '2.0.0', 2, '2026-11-29 05:00:54.755324+00', 0.5, 8, 'done', 'vm:13853:ba3040c9', NULL, 1, 4, 4, 0, 0, '2026-11-29 05:00:54.754496+00', '2026-11-29 05:00:55.054096+00', 1, 1, false);
INSERT INTO public.work VALUES (3, 'houses', 'tiny-houses', '3.0.0', 1, '2026-11-29 05:00:54.644473+00', 1, 8, 'done', 'vm:13853:2e7aafd0', NULL, 1, 8, 0, 0, 0, '2026-11-29 05:01:04.208631+00', '2026-11-29 05:01:05.335569+00', NULL, NULL, true);
INSERT INTO public.work VALUES (4, 'houses', 'tiny-houses', '3.0.0', 2, '2026-11-29 05:00:54.755324+00', 1, 8, 'done', 'vm:13853:2e7aafd0', NULL, 1, 8, 0, 0, 0, '2026-11-29 05:01:04.208631+00', '2026-11-29 05:01:05.401463+00', NULL, NULL, true);

SELECT pg_catalog.setval('public.comparison_id_seq', 18, true);

SELECT pg_catalog.setval('public.deployment_id_seq', 2, true);

SELECT pg_catalog.setval('public.outcome_id_seq', 16, true);

SELECT pg_catalog.setval('public.quarantine_id_seq', 1, false);

SELECT pg_catalog.setval('public.replay_id_seq', 1, true);

SELECT pg_catalog.setval('public.reproduction_id_seq', 1, true);

SELECT pg_catalog.setval('public.shipment_id_seq', 2, true);

SELECT pg_catalog.setval('public.work_id_seq', 4, true);

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

ALTER TABLE ONLY public.replay
    ADD CONSTRAINT replay_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.reproduction
    ADD CONSTRAINT reproduction_pkey PRIMARY KEY (id);

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

CREATE INDEX replay_of_endpoint ON public.replay USING btree (endpoint, name, version, id);

CREATE INDEX reproduction_of_endpoint ON public.reproduction USING btree (endpoint, id);

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

CREATE INDEX work_open_live ON public.work USING btree (endpoint, name, version, recorded_at, id) WHERE ((state <> 'done'::text) AND (NOT replayed));

CREATE INDEX work_open_replayed ON public.work USING btree (endpoint, name, version, recorded_at, id) WHERE ((state <> 'done'::text) AND replayed);

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
