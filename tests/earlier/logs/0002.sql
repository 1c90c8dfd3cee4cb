CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);

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

ALTER TABLE ONLY public.deployment ALTER COLUMN id SET DEFAULT nextval('public.deployment_id_seq'::regclass);

ALTER TABLE ONLY public.outcome ALTER COLUMN id SET DEFAULT nextval('public.outcome_id_seq'::regclass);

ALTER TABLE ONLY public.quarantine ALTER COLUMN id SET DEFAULT nextval('public.quarantine_id_seq'::regclass);

ALTER TABLE ONLY public.shipment ALTER COLUMN id SET DEFAULT nextval('public.shipment_id_seq'::regclass);

ALTER TABLE ONLY public.work ALTER COLUMN id SET DEFAULT nextval('public.work_id_seq'::regclass);

INSERT INTO public.alembic_version VALUES ('0002');

INSERT INTO public.deployment VALUES (1, 'houses', '2026-11-29 04:57:00.267783+00', 'ann@there', 'the first', 'live', 'tiny-houses', '1.0.0', 'b523ffd284db007f067b5511086a1bd7dcb601e18af79039a59c66cc2fb0ce11', 1, false, NULL, '[]');
INSERT INTO public.deployment VALUES (2, 'houses', '2026-11-29 04:57:01.940291+00', 'ann@there', 'better?', 'shadow', 'tiny-houses', '2.0.0', '4e186abf39671f48ef987e9b1a9e9f76283cb7061f3972a9c2da08e422f014bf', 0.5, false, NULL, '[]');

INSERT INTO public.outcome VALUES (1, 'houses', '01a225a9-eff1-781c-b78a-ed6980bb9004', 0, 1, '205095.0', '2026-11-29 04:57:05.175304+00');
INSERT INTO public.outcome VALUES (2, 'houses', '01a225a9-eff2-7be5-91c6-1025706e9026', 0, 1, '168933.0', '2026-11-29 04:57:05.175304+00');
INSERT INTO public.outcome VALUES (3, 'houses', '01a225a9-eff2-7deb-a5bd-f4bcbe5649f0', 0, 1, '253040.0', '2026-11-29 04:57:05.175304+00');
INSERT INTO public.outcome VALUES (4, 'houses', '01a225a9-eff3-7f6b-a77c-3ef0c4490375', 0, 1, '206229.0', '2026-11-29 04:57:05.175304+00');
INSERT INTO public.outcome VALUES (5, 'houses', '01a225a9-eff3-7a46-ac16-fde114d42209', 0, 1, '246416.0', '2026-11-29 04:57:05.175304+00');
INSERT INTO public.outcome VALUES (6, 'houses', '01a225a9-eff4-7639-b4c1-3ccb0ecab05e', 0, 1, '222153.0', '2026-11-29 04:57:05.175304+00');
INSERT INTO public.outcome VALUES (7, 'houses', '01a225a9-eff4-73d4-ad86-4389758581e7', 0, 1, '168858.0', '2026-11-29 04:57:05.175304+00');
INSERT INTO public.outcome VALUES (8, 'houses', '01a225a9-eff4-7380-b909-9fe45d29658a', 0, 1, '233591.0', '2026-11-29 04:57:05.175304+00');
INSERT INTO public.outcome VALUES (9, 'houses', '01a225a9-f006-7340-b2af-e40d6c204dc6', 0, 1, '204377.0', '2026-11-29 04:57:05.175304+00');
INSERT INTO public.outcome VALUES (10, 'houses', '01a225a9-f009-7732-b2a3-667f12533b60', 0, 1, '208525.0', '2026-11-29 04:57:05.175304+00');
INSERT INTO public.outcome VALUES (11, 'houses', '01a225a9-f00f-7e9b-a662-1bc5940ddef9', 0, 1, '216829.0', '2026-11-29 04:57:05.175304+00');
INSERT INTO public.outcome VALUES (12, 'houses', '01a225a9-f014-7d2f-a611-86b58f853b4b', 0, 1, '145684.0', '2026-11-29 04:57:05.175304+00');
INSERT INTO public.outcome VALUES (13, 'houses', '01a225a9-f01b-7261-8158-30775d2f6dd1', 0, 1, '178368.0', '2026-11-29 04:57:05.175304+00');
INSERT INTO public.outcome VALUES (14, 'houses', '01a225a9-f022-7f10-9bec-3d3b4ccc6b22', 0, 1, '213582.0', '2026-11-29 04:57:05.175304+00');
INSERT INTO public.outcome VALUES (15, 'houses', '01a225a9-f026-749f-b2ad-d8a5d68d0224', 0, 1, '156471.0', '2026-11-29 04:57:05.175304+00');
INSERT INTO public.outcome VALUES (16, 'houses', '01a225a9-f026-7e9d-953f-dc56d8b7b493', 0, 1, '158373.0', '2026-11-29 04:57:05.175304+00');

INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225a9-eff1-781c-b78a-ed6980bb9004', 0, NULL, '2026-11-29 04:57:03.733563+00', '2026-11-29 04:57:03.834788+00', 1, 'tiny-houses', '1.0.0', '{"area": 133.1, "sold": 2006, "zone": "South", "agent": "Ada", "alley": "Paved", "built": 1993, "rooms": 6, "garage": true, "frontage": 18.8}', '191744.77891714138', 191744.77891714138, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225a9-eff2-7be5-91c6-1025706e9026', 0, NULL, '2026-11-29 04:57:03.73467+00', '2026-11-29 04:57:03.834788+00', 1, 'tiny-houses', '1.0.0', '{"area": 160.0, "sold": 2006, "zone": "East", "agent": "Ben", "alley": "Gravel", "built": 1941, "rooms": 1, "garage": true, "frontage": 18.7}', '177312.35116949468', 177312.35116949468, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225a9-eff2-7deb-a5bd-f4bcbe5649f0', 0, NULL, '2026-11-29 04:57:03.735157+00', '2026-11-29 04:57:03.834788+00', 1, 'tiny-houses', '1.0.0', '{"area": 245.2, "sold": 2006, "zone": "South", "agent": "Ada", "alley": "Gravel", "built": 1903, "rooms": 2, "garage": true, "frontage": 24.8}', '249624.998095309', 249624.998095309, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225a9-eff3-7f6b-a77c-3ef0c4490375', 0, NULL, '2026-11-29 04:57:03.73619+00', '2026-11-29 04:57:03.834788+00', 1, 'tiny-houses', '1.0.0', '{"area": 144.7, "sold": 2007, "zone": "West", "agent": "Ben", "alley": null, "built": 1978, "rooms": 6, "garage": true, "frontage": 14.1}', '208701.1053748189', 208701.1053748189, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225a9-eff3-7a46-ac16-fde114d42209', 0, NULL, '2026-11-29 04:57:03.736229+00', '2026-11-29 04:57:03.834788+00', 1, 'tiny-houses', '1.0.0', '{"area": 218.6, "sold": 2007, "zone": "West", "agent": "Ben", "alley": null, "built": 1911, "rooms": 7, "garage": false, "frontage": 23.7}', '252771.7328966644', 252771.7328966644, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225a9-eff4-7639-b4c1-3ccb0ecab05e', 0, NULL, '2026-11-29 04:57:03.736545+00', '2026-11-29 04:57:03.834788+00', 1, 'tiny-houses', '1.0.0', '{"area": 188.9, "sold": 2007, "zone": "South", "agent": "Ada", "alley": "Paved", "built": 1967, "rooms": 6, "garage": true, "frontage": 14.5}', '232103.17392355634', 232103.17392355634, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225a9-eff4-73d4-ad86-4389758581e7', 0, NULL, '2026-11-29 04:57:03.736594+00', '2026-11-29 04:57:03.834788+00', 1, 'tiny-houses', '1.0.0', '{"area": 126.2, "sold": 2007, "zone": "South", "agent": "Ada", "alley": null, "built": 1918, "rooms": 8, "garage": true, "frontage": null}', '171510.01098785503', 171510.01098785503, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225a9-eff4-7380-b909-9fe45d29658a', 0, NULL, '2026-11-29 04:57:03.736624+00', '2026-11-29 04:57:03.834788+00', 1, 'tiny-houses', '1.0.0', '{"area": 184.8, "sold": 2007, "zone": "East", "agent": "Ada", "alley": "Paved", "built": 2003, "rooms": 4, "garage": true, "frontage": 15.8}', '230606.55879261193', 230606.55879261193, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225a9-f006-7340-b2af-e40d6c204dc6', 0, NULL, '2026-11-29 04:57:03.752055+00', '2026-11-29 04:57:03.834788+00', 1, 'tiny-houses', '1.0.0', '{"area": 168.7, "sold": 2008, "zone": "East", "agent": "Ben", "alley": null, "built": 1974, "rooms": 3, "garage": true, "frontage": 27.2}', '208124.39926421782', 208124.39926421782, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225a9-f009-7732-b2a3-667f12533b60', 0, NULL, '2026-11-29 04:57:03.754795+00', '2026-11-29 04:57:03.834788+00', 1, 'tiny-houses', '1.0.0', '{"area": 141.1, "sold": 2008, "zone": "South", "agent": "Ada", "alley": "Paved", "built": 2009, "rooms": 7, "garage": true, "frontage": 22.8}', '209293.85269940912', 209293.85269940912, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225a9-f00f-7e9b-a662-1bc5940ddef9', 0, NULL, '2026-11-29 04:57:03.766237+00', '2026-11-29 04:57:03.834788+00', 1, 'tiny-houses', '1.0.0', '{"area": 197.2, "sold": 2009, "zone": "East", "agent": "Ada", "alley": null, "built": 1941, "rooms": 2, "garage": false, "frontage": 24.2}', '208745.04662412673', 208745.04662412673, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225a9-f014-7d2f-a611-86b58f853b4b', 0, NULL, '2026-11-29 04:57:03.76901+00', '2026-11-29 04:57:03.834788+00', 1, 'tiny-houses', '1.0.0', '{"area": 125.2, "sold": 2010, "zone": "South", "agent": "Ada", "alley": "Paved", "built": 1912, "rooms": 2, "garage": true, "frontage": 17.0}', '143671.06988589698', 143671.06988589698, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225a9-f01b-7261-8158-30775d2f6dd1', 0, NULL, '2026-11-29 04:57:03.778148+00', '2026-11-29 04:57:03.834788+00', 1, 'tiny-houses', '1.0.0', '{"area": 137.1, "sold": 2009, "zone": "East", "agent": "Ada", "alley": "Gravel", "built": 1967, "rooms": 1, "garage": true, "frontage": 32.2}', '170030.175823187', 170030.175823187, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225a9-f022-7f10-9bec-3d3b4ccc6b22', 0, NULL, '2026-11-29 04:57:03.782419+00', '2026-11-29 04:57:03.834788+00', 1, 'tiny-houses', '1.0.0', '{"area": 169.9, "sold": 2009, "zone": "West", "agent": "Ben", "alley": "Paved", "built": 1979, "rooms": 2, "garage": false, "frontage": 23.2}', '209313.80177009501', 209313.80177009501, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225a9-f026-749f-b2ad-d8a5d68d0224', 0, NULL, '2026-11-29 04:57:03.782733+00', '2026-11-29 04:57:03.834788+00', 1, 'tiny-houses', '1.0.0', '{"area": 99.2, "sold": 2010, "zone": "South", "agent": "Ben", "alley": null, "built": 1988, "rooms": 4, "garage": true, "frontage": 24.2}', '154131.56462696032', 154131.56462696032, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225a9-f026-7e9d-953f-dc56d8b7b493', 0, NULL, '2026-11-29 04:57:03.782873+00', '2026-11-29 04:57:03.834788+00', 1, 'tiny-houses', '1.0.0', '{"area": 112.4, "sold": 2010, "zone": "South", "agent": "Ben", "alley": "Gravel", "built": 1916, "rooms": 7, "garage": false, "frontage": 19.6}', '143074.8121362161', 143074.8121362161, NULL, 2);

INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225a9-eff1-781c-b78a-ed6980bb9004', 0, '2026-11-29 04:57:03.834788+00', 1, 'tiny-houses', '2.0.0', 'scored', '190459.27979176227', 190459.27979176227, NULL, NULL, '2026-11-29 04:57:04.071489+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225a9-eff3-7a46-ac16-fde114d42209', 0, '2026-11-29 04:57:03.834788+00', 1, 'tiny-houses', '2.0.0', 'scored', '245422.8527541872', 245422.8527541872, NULL, NULL, '2026-11-29 04:57:04.071489+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225a9-eff3-7f6b-a77c-3ef0c4490375', 0, '2026-11-29 04:57:03.834788+00', 1, 'tiny-houses', '2.0.0', 'scored', '212613.80721794473', 212613.80721794473, NULL, NULL, '2026-11-29 04:57:04.071489+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225a9-eff4-73d4-ad86-4389758581e7', 0, '2026-11-29 04:57:03.834788+00', 1, 'tiny-houses', '2.0.0', 'scored', '154017.27828990988', 154017.27828990988, NULL, NULL, '2026-11-29 04:57:04.071489+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225a9-eff4-7639-b4c1-3ccb0ecab05e', 0, '2026-11-29 04:57:03.834788+00', 1, 'tiny-houses', '2.0.0', 'scored', '234979.03566416347', 234979.03566416347, NULL, NULL, '2026-11-29 04:57:04.071489+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225a9-f006-7340-b2af-e40d6c204dc6', 0, '2026-11-29 04:57:03.834788+00', 1, 'tiny-houses', '2.0.0', 'scored', '207848.35750032743', 207848.35750032743, NULL, NULL, '2026-11-29 04:57:04.071489+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225a9-f00f-7e9b-a662-1bc5940ddef9', 0, '2026-11-29 04:57:03.834788+00', 1, 'tiny-houses', '2.0.0', 'scored', '216406.34142644', 216406.34142644, NULL, NULL, '2026-11-29 04:57:04.071489+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225a9-f01b-7261-8158-30775d2f6dd1', 0, '2026-11-29 04:57:03.834788+00', 1, 'tiny-houses', '2.0.0', 'scored', '162308.26133079437', 162308.26133079437, NULL, NULL, '2026-11-29 04:57:04.071489+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225a9-f022-7f10-9bec-3d3b4ccc6b22', 0, '2026-11-29 04:57:03.834788+00', 1, 'tiny-houses', '2.0.0', 'scored', '214001.32343537183', 214001.32343537183, NULL, NULL, '2026-11-29 04:57:04.071489+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225a9-f026-749f-b2ad-d8a5d68d0224', 0, '2026-11-29 04:57:03.834788+00', 1, 'tiny-houses', '2.0.0', 'scored', '162835.647325315', 162835.647325315, NULL, NULL, '2026-11-29 04:57:04.071489+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225a9-f026-7e9d-953f-dc56d8b7b493', 0, '2026-11-29 04:57:03.834788+00', 1, 'tiny-houses', '2.0.0', 'scored', '151080.13499291177', 151080.13499291177, NULL, NULL, '2026-11-29 04:57:04.071489+00');

INSERT INTO public.shadow_state VALUES ('houses', 'tiny-houses', '2.0.0', 'scoring', '', '2026-11-29 04:57:02.768852+00');

INSERT INTO public.shipment VALUES (1, 'houses', '848dc375-3a0f-4980-9b57-33bea2bc59ae', 1, 16, 16, '2026-11-29 04:57:03.834788+00');

INSERT INTO public.spool VALUES ('848dc375-3a0f-4980-9b57-33bea2bc59ae', 'houses', 'there', 16, 2, NULL, 0, true, '2026-11-29 04:56:52.228257+00', '2026-11-29 04:57:09.957008+00');

INSERT INTO public.work VALUES (1, 'houses', 'tiny-houses', '2.0.0', 1, '2026-11-29 04:57:03.834788+00', 0.5, 16, 'done', 'vm:11388:1e828d3e', NULL, 1, 11, 5, 0, 0, '2026-11-29 04:57:03.833207+00', '2026-11-29 04:57:04.079268+00');

SELECT pg_catalog.setval('public.deployment_id_seq', 2, true);

SELECT pg_catalog.setval('public.outcome_id_seq', 16, true);

SELECT pg_catalog.setval('public.quarantine_id_seq', 1, false);

SELECT pg_catalog.setval('public.shipment_id_seq', 1, true);

SELECT pg_catalog.setval('public.work_id_seq', 1, true);

ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);

ALTER TABLE ONLY public.deployment
    ADD CONSTRAINT deployment_pkey PRIMARY KEY (id);

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

CREATE INDEX work_of_version ON public.work USING btree (endpoint, name, version, recorded_at);

CREATE INDEX work_open ON public.work USING btree (endpoint, name, version, id) WHERE (state <> 'done'::text);

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
