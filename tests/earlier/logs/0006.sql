CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);

CREATE TABLE public.api_key (
    id text NOT NULL,
    endpoint text NOT NULL,
    name text NOT NULL,
    digest text NOT NULL,
    scopes text[] NOT NULL,
    per_second double precision,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone,
    revoked_at timestamp with time zone,
    CONSTRAINT api_key_per_second_check CHECK ((per_second > (0)::double precision))
);

CREATE TABLE public.audit (
    id bigint NOT NULL,
    endpoint text NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    who text NOT NULL,
    action text NOT NULL,
    subject text NOT NULL,
    why text DEFAULT ''::text NOT NULL,
    details jsonb DEFAULT '{}'::jsonb NOT NULL
);

ALTER TABLE public.audit ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.audit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
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

CREATE TABLE public.drift_window (
    endpoint text NOT NULL,
    name text NOT NULL,
    version text NOT NULL,
    digest text NOT NULL,
    number integer NOT NULL,
    since timestamp with time zone NOT NULL,
    until timestamp with time zone NOT NULL,
    units bigint NOT NULL,
    content jsonb NOT NULL,
    tallies bytea NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT drift_window_check CHECK ((since < until)),
    CONSTRAINT drift_window_number_check CHECK ((number > 0)),
    CONSTRAINT drift_window_units_check CHECK ((units > 0))
);

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
    folds bigint,
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

INSERT INTO public.alembic_version VALUES ('0006');

INSERT INTO public.api_key VALUES ('4jf510jg', 'houses', 'shop', '62b19ef09e72ccee9cf0387877aca30262ee7a6f6c495291cce758032f8b5c85', '{predict}', NULL, '2026-11-29 05:03:53.030956+00', NULL, NULL);

INSERT INTO public.audit OVERRIDING SYSTEM VALUE VALUES (1, 'houses', '2026-11-29 05:03:53.030956+00', 'ann@there', 'create key', '4jf510jg (shop)', 'the shop', '{"scopes": ["predict"], "lasts_s": null, "per_second": null}');

INSERT INTO public.comparison VALUES (1, 'houses', 2, 'tiny-houses', '1.0.0', '62b5b08b4f1342f345f6414c6ec9c23a5a5a4b5b126ae8f8b221c01f77854ea5', 'tiny-houses', '2.0.0', '47581f86f7fdf5c178fc7a45bdcf4a0200e12b3ab293f41652e3d33d4e464191', '{"aim": "not_worse", "loss": "absolute", "unit": "request", "alpha": 0.05, "power": 0.8, "guards": ["failures"], "slices": null, "loss_cap": null, "tolerance": 5805.441156545134, "loss_margin": 0.02, "slice_units": 100, "minimum_days": 7.0, "slice_margin": 0.1, "failure_limit": 0.01, "horizon_units": 10000, "loss_quantile": null, "minimum_units": 1000, "planned_units": 1000, "unmatched_limit": 0.01, "minimum_outcomes": 300, "difference_margin": 745.0356764721047, "disagreement_limit": 0.01, "outcome_delay_days": null, "outcome_influenced": false, "beyond_tolerance_limit": 0.05}', '904907f2011e754fb6412a68157878f75cfaaaead7d90882ae3cdec49c1d0cee', 1, '2026-11-29 05:03:35.987627+00', NULL, 2, '\x7801b5584b8fe23810fe2f3e6791cb6f731fcd75a53dec01b55a6908bd51a71314607a6710ff7d3e27ede990840c4c8310b25d55a947aacaf1e703db97f96ecbe66412b6acbe6575fa9cb1f981d5d9b2aa57d92a725e37691d563e61dbf4755364abc76abf63738bf54bbed9041e4fd83acdc16aa6d9ffcb62df6800fd2dcd7779f90cc631614f45b57c81cdc5215a17c1783481c526cd6b0860b62f77790127acd75e38436e46d20ba113966f1ff35506f63285c03a2db6596b7f5f6741394fc4036c65dfab120e2da859aef2f53aab1b4fca7d5124ac2564e512512f442212475ecc78f2179f09eeadb0c67ac5a5b5a44c4260f099b242692995f4d272411ea4401efc1f8ec9af00a91b2016ef0162361ea0c57bfe7d80d40d902761391d20259428ee4de36c701e5139c4a81509f0863174e3eac67365c2949297c4f3470993f0dfc1f390316790186e9dd4ce091f13c60d91064b096f8d54ee1e19531e9d70ef8c39ed3d27e3ad45411a67afc9d85515688587fc9dc2f9e83023893be98df49a3b34dadde2f19ae4455bc64947a1232eea2832d2a9a677b424a135575673e3fddde21124ec1debed3d417ca6ad10dc0a89ed0ef9a10b7608bcaf5d5a1479d8810f2c2f37fbf07139307c3cd2e6b352bd611d3e36aff976db7e1112f652566f654b7eca8aeaadf97ea44ff81c35b3655614ed8e8e3df6821f9d913947bf446794e9eae8ce23bf3b0ef9434a573ecea7a4a678f1f9cf8f975b899271fcbcedbe8671cde3d4feb3a7eb3f79e65443bbba959ea8fbd6faa2dec188ee2cb26f5968a670fa39e2bc5457e52e1ef986bd898f40ec4d6c9fb7e8cd814fa3bd1adf481cc79f9ae24ef1c6b5e1fc84df38ef1c7d5cfa7aea87fe76f6b10eba44c7ab53ceb8a5299913deb01eeaaa7a6d36ec7a580c38c6c762c0fe3d5d0cc165857f3017dd9798873f6843c34ffbbc009c00f0f89ce1ee1b39891586bbbfc0ebf3e33a8e5df96be731e86b9f9b921fd3d9f735acfbb4a8738c3e468bf2ddf19c1ce8c364fea8ca16444ee512e53451432d3a8bbbd581fd03b4f91f9bbb84fd9b6d5128c0135fd230d1476c63387264dfcf540f6af5bd6cafb3f8b54eb155b2b94ad8df9801439a60ea39fd05916f17ddaedee385115055836361f4186c21e67880da007de7cb5d5ee19c74d326e926b9edd57eaa2f29bbae96fef35d5e7fde950dfbc5ad7e516f1cbb7a232d8e5dde45f37ec18754adf22d2e389628c8054eb70b46de046c6d84561a604a38ce1206a88385e6963b00512f642092d3ca0be2ca735c6c18858336a842045c6ebd93a4bdf1ca7a13145809a0091d02d85d003489a0411171a114379a1cc094d54e80aa8181c9700062a05ed8037404d5c019e98cd2da3865956865830b5602bd780d8f3979ab204b1c702658d2006ab82d70001d812c00a1210ec586c361455607b2f4b812816a239c2685eb1a1d5c2605df2d09efb8d7b84621ce1bb2e64107620b7a81389c6e9400a43b8d20c993938a0c54052586732e8d90787b780a616ac91e421eaa2adc24a1b3d7b831da3da648c0e95d11f032c4b055f4792d883afe04c0dd8c80', '{"reasons": ["Not reachable if the present estimate is true: mean absolute loss of the shadow less live''s, less the margin of 0.02 × live''s.", "Share of requests on which the shadow failed is 0.00% (between 0.00% and 44.96% at 97.5 %; limit below 1.00%; 9 units): not settled yet.", "The mean absolute error of the shadow is 8,085 against 5,615 of live, a change of +43.99% (no interval yet; limit below +2.00%; 9 units): not settled yet (9 of the 100 units that any interval needs).", "9 of at least 1,000 units are compared.", "8.54e-07 of at least 7 days are observed.", "9 of at least 300 outcomes are known."], "verdict": "NEED_MORE_DATA"}', '2026-11-29 05:03:54.192151+00');

INSERT INTO public.deployment VALUES (1, 'houses', '2026-11-29 05:03:31.274617+00', 'ann@there', 'the first', 'live', 'tiny-houses', '1.0.0', '62b5b08b4f1342f345f6414c6ec9c23a5a5a4b5b126ae8f8b221c01f77854ea5', 1, false, NULL, '[]');
INSERT INTO public.deployment VALUES (2, 'houses', '2026-11-29 05:03:35.987627+00', 'ann@there', 'better?', 'shadow', 'tiny-houses', '2.0.0', '47581f86f7fdf5c178fc7a45bdcf4a0200e12b3ab293f41652e3d33d4e464191', 0.5, false, NULL, '[]');

INSERT INTO public.outcome VALUES (1, 'houses', '01a225af-f49a-74ea-8500-755dbec4ce09', 0, 1, '253040.0', '2026-11-29 05:03:40.181551+00');
INSERT INTO public.outcome VALUES (2, 'houses', '01a225af-f49b-7e55-95f1-1996f6c2d20c', 0, 1, '206229.0', '2026-11-29 05:03:40.181551+00');
INSERT INTO public.outcome VALUES (3, 'houses', '01a225af-f49b-70d7-8d62-f55ff0ea273a', 0, 1, '246416.0', '2026-11-29 05:03:40.181551+00');
INSERT INTO public.outcome VALUES (4, 'houses', '01a225af-f49b-7b22-b0c8-9f3f3d86375d', 0, 1, '222153.0', '2026-11-29 05:03:40.181551+00');
INSERT INTO public.outcome VALUES (5, 'houses', '01a225af-f49b-7d27-b6eb-ff221e433291', 0, 1, '168858.0', '2026-11-29 05:03:40.181551+00');
INSERT INTO public.outcome VALUES (6, 'houses', '01a225af-f49b-72ff-9aac-2e67ec6f74de', 0, 1, '233591.0', '2026-11-29 05:03:40.181551+00');
INSERT INTO public.outcome VALUES (7, 'houses', '01a225af-f492-75d5-8817-617bdcdc9d85', 0, 1, '205095.0', '2026-11-29 05:03:40.181551+00');
INSERT INTO public.outcome VALUES (8, 'houses', '01a225af-f495-7af9-99ac-ea1b354ea270', 0, 1, '168933.0', '2026-11-29 05:03:40.181551+00');
INSERT INTO public.outcome VALUES (9, 'houses', '01a225af-f4a2-75fe-af71-8f0a604feaec', 0, 1, '204377.0', '2026-11-29 05:03:40.181551+00');
INSERT INTO public.outcome VALUES (10, 'houses', '01a225af-f4bc-7044-9f8a-f37e895f0694', 0, 1, '208525.0', '2026-11-29 05:03:40.181551+00');
INSERT INTO public.outcome VALUES (11, 'houses', '01a225af-f4bc-7e32-882d-6c28b856b1ae', 0, 1, '145684.0', '2026-11-29 05:03:40.181551+00');
INSERT INTO public.outcome VALUES (12, 'houses', '01a225af-f4c2-73a3-8ba1-6d70ccfec78c', 0, 1, '178368.0', '2026-11-29 05:03:40.181551+00');
INSERT INTO public.outcome VALUES (13, 'houses', '01a225af-f4d1-7db4-8249-c26163baf8e8', 0, 1, '156471.0', '2026-11-29 05:03:40.181551+00');
INSERT INTO public.outcome VALUES (14, 'houses', '01a225af-f4d5-7de5-b735-d0b5bc3f2c3b', 0, 1, '216829.0', '2026-11-29 05:03:40.181551+00');
INSERT INTO public.outcome VALUES (15, 'houses', '01a225af-f4da-77da-b2ec-fffe107d8a19', 0, 1, '158373.0', '2026-11-29 05:03:40.181551+00');
INSERT INTO public.outcome VALUES (16, 'houses', '01a225af-f4e4-7275-a4e8-83a15461688e', 0, 1, '213582.0', '2026-11-29 05:03:40.181551+00');

INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225af-f49a-74ea-8500-755dbec4ce09', 0, NULL, '2026-11-29 05:03:38.139016+00', '2026-11-29 05:03:38.146445+00', 1, 'tiny-houses', '1.0.0', '{"area": 245.2, "sold": 2006, "zone": "South", "agent": "Ada", "alley": "Gravel", "built": 1903, "rooms": 2, "garage": true, "frontage": 24.8}', '249624.998095309', 249624.998095309, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225af-f49b-7e55-95f1-1996f6c2d20c', 0, NULL, '2026-11-29 05:03:38.139137+00', '2026-11-29 05:03:38.146445+00', 1, 'tiny-houses', '1.0.0', '{"area": 144.7, "sold": 2007, "zone": "West", "agent": "Ben", "alley": null, "built": 1978, "rooms": 6, "garage": true, "frontage": 14.1}', '208701.1053748189', 208701.1053748189, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225af-f49b-70d7-8d62-f55ff0ea273a', 0, NULL, '2026-11-29 05:03:38.139225+00', '2026-11-29 05:03:38.146445+00', 1, 'tiny-houses', '1.0.0', '{"area": 218.6, "sold": 2007, "zone": "West", "agent": "Ben", "alley": null, "built": 1911, "rooms": 7, "garage": false, "frontage": 23.7}', '252771.7328966644', 252771.7328966644, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225af-f49b-7b22-b0c8-9f3f3d86375d', 0, NULL, '2026-11-29 05:03:38.139279+00', '2026-11-29 05:03:38.146445+00', 1, 'tiny-houses', '1.0.0', '{"area": 188.9, "sold": 2007, "zone": "South", "agent": "Ada", "alley": "Paved", "built": 1967, "rooms": 6, "garage": true, "frontage": 14.5}', '232103.17392355634', 232103.17392355634, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225af-f49b-7d27-b6eb-ff221e433291', 0, NULL, '2026-11-29 05:03:38.139334+00', '2026-11-29 05:03:38.146445+00', 1, 'tiny-houses', '1.0.0', '{"area": 126.2, "sold": 2007, "zone": "South", "agent": "Ada", "alley": null, "built": 1918, "rooms": 8, "garage": true, "frontage": null}', '171510.01098785503', 171510.01098785503, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225af-f49b-72ff-9aac-2e67ec6f74de', 0, NULL, '2026-11-29 05:03:38.139397+00', '2026-11-29 05:03:38.146445+00', 1, 'tiny-houses', '1.0.0', '{"area": 184.8, "sold": 2007, "zone": "East", "agent": "Ada", "alley": "Paved", "built": 2003, "rooms": 4, "garage": true, "frontage": 15.8}', '230606.55879261193', 230606.55879261193, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225af-f492-75d5-8817-617bdcdc9d85', 0, NULL, '2026-11-29 05:03:38.139443+00', '2026-11-29 05:03:38.146445+00', 1, 'tiny-houses', '1.0.0', '{"area": 133.1, "sold": 2006, "zone": "South", "agent": "Ada", "alley": "Paved", "built": 1993, "rooms": 6, "garage": true, "frontage": 18.8}', '191744.77891714138', 191744.77891714138, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225af-f495-7af9-99ac-ea1b354ea270', 0, NULL, '2026-11-29 05:03:38.139497+00', '2026-11-29 05:03:38.146445+00', 1, 'tiny-houses', '1.0.0', '{"area": 160.0, "sold": 2006, "zone": "East", "agent": "Ben", "alley": "Gravel", "built": 1941, "rooms": 1, "garage": true, "frontage": 18.7}', '177312.35116949468', 177312.35116949468, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225af-f4a2-75fe-af71-8f0a604feaec', 0, NULL, '2026-11-29 05:03:38.154741+00', '2026-11-29 05:03:38.733291+00', 2, 'tiny-houses', '1.0.0', '{"area": 168.7, "sold": 2008, "zone": "East", "agent": "Ben", "alley": null, "built": 1974, "rooms": 3, "garage": true, "frontage": 27.2}', '208124.39926421782', 208124.39926421782, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225af-f4bc-7044-9f8a-f37e895f0694', 0, NULL, '2026-11-29 05:03:38.17291+00', '2026-11-29 05:03:38.733291+00', 2, 'tiny-houses', '1.0.0', '{"area": 141.1, "sold": 2008, "zone": "South", "agent": "Ada", "alley": "Paved", "built": 2009, "rooms": 7, "garage": true, "frontage": 22.8}', '209293.85269940912', 209293.85269940912, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225af-f4bc-7e32-882d-6c28b856b1ae', 0, NULL, '2026-11-29 05:03:38.172978+00', '2026-11-29 05:03:38.733291+00', 2, 'tiny-houses', '1.0.0', '{"area": 125.2, "sold": 2010, "zone": "South", "agent": "Ada", "alley": "Paved", "built": 1912, "rooms": 2, "garage": true, "frontage": 17.0}', '143671.06988589698', 143671.06988589698, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225af-f4c2-73a3-8ba1-6d70ccfec78c', 0, NULL, '2026-11-29 05:03:38.184649+00', '2026-11-29 05:03:38.733291+00', 2, 'tiny-houses', '1.0.0', '{"area": 137.1, "sold": 2009, "zone": "East", "agent": "Ada", "alley": "Gravel", "built": 1967, "rooms": 1, "garage": true, "frontage": 32.2}', '170030.175823187', 170030.175823187, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225af-f4d1-7db4-8249-c26163baf8e8', 0, NULL, '2026-11-29 05:03:38.195135+00', '2026-11-29 05:03:38.733291+00', 2, 'tiny-houses', '1.0.0', '{"area": 99.2, "sold": 2010, "zone": "South", "agent": "Ben", "alley": null, "built": 1988, "rooms": 4, "garage": true, "frontage": 24.2}', '154131.56462696032', 154131.56462696032, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225af-f4d5-7de5-b735-d0b5bc3f2c3b', 0, NULL, '2026-11-29 05:03:38.202781+00', '2026-11-29 05:03:38.733291+00', 2, 'tiny-houses', '1.0.0', '{"area": 197.2, "sold": 2009, "zone": "East", "agent": "Ada", "alley": null, "built": 1941, "rooms": 2, "garage": false, "frontage": 24.2}', '208745.04662412673', 208745.04662412673, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225af-f4da-77da-b2ec-fffe107d8a19', 0, NULL, '2026-11-29 05:03:38.203418+00', '2026-11-29 05:03:38.733291+00', 2, 'tiny-houses', '1.0.0', '{"area": 112.4, "sold": 2010, "zone": "South", "agent": "Ben", "alley": "Gravel", "built": 1916, "rooms": 7, "garage": false, "frontage": 19.6}', '143074.8121362161', 143074.8121362161, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225af-f4e4-7275-a4e8-83a15461688e', 0, NULL, '2026-11-29 05:03:38.212797+00', '2026-11-29 05:03:38.733291+00', 2, 'tiny-houses', '1.0.0', '{"area": 169.9, "sold": 2009, "zone": "West", "agent": "Ben", "alley": "Paved", "built": 1979, "rooms": 2, "garage": false, "frontage": 23.2}', '209313.80177009501', 209313.80177009501, NULL, 2);

INSERT INTO public.replay VALUES (1, 'houses', '2026-11-29 05:03:46.498798+00', 'ann@there', 'tiny-houses', '3.0.0', '15fcd4dbf8752f7b90d3ef41f7f322345b83763b9eb2b871773d8bd84167a46f', 1, '2026-11-28 05:03:45.655462+00', '2026-11-29 05:03:46.351833+00');

INSERT INTO public.reproduction VALUES (1, 'houses', '2026-11-29 05:03:38.689998+00', '2026-11-29 05:03:39.891007+00', '{"seed": 1343845325, "since": "2026-11-28T05:03:38.689998+00:00", "until": "2026-11-29T05:03:38.689998+00:00", "endpoint": "houses", "versions": [{"why": "the same engine and libraries: equal to the last bit", "name": "tiny-houses", "digest": "62b5b08b4f1342f345f6414c6ec9c23a5a5a4b5b126ae8f8b221c01f77854ea5", "engine": "compiled", "within": 0, "largest": 0.0, "missing": 0, "problem": null, "sampled": 8, "version": "1.0.0", "examples": [], "recorded": 8, "differing": 0, "identical": 8, "tolerance": 0.0}]}');

INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-f492-75d5-8817-617bdcdc9d85', 0, '2026-11-29 05:03:38.146445+00', 1, 'tiny-houses', '2.0.0', 'scored', '190459.27979176227', 190459.27979176227, NULL, NULL, '2026-11-29 05:03:38.288135+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-f495-7af9-99ac-ea1b354ea270', 0, '2026-11-29 05:03:38.146445+00', 1, 'tiny-houses', '2.0.0', 'scored', '180834.50852342858', 180834.50852342858, NULL, NULL, '2026-11-29 05:03:38.288135+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-f49b-70d7-8d62-f55ff0ea273a', 0, '2026-11-29 05:03:38.146445+00', 1, 'tiny-houses', '2.0.0', 'scored', '245422.8527541872', 245422.8527541872, NULL, NULL, '2026-11-29 05:03:38.288135+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-f49b-7b22-b0c8-9f3f3d86375d', 0, '2026-11-29 05:03:38.146445+00', 1, 'tiny-houses', '2.0.0', 'scored', '234979.03566416347', 234979.03566416347, NULL, NULL, '2026-11-29 05:03:38.288135+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-f49b-7d27-b6eb-ff221e433291', 0, '2026-11-29 05:03:38.146445+00', 1, 'tiny-houses', '2.0.0', 'scored', '154017.27828990988', 154017.27828990988, NULL, NULL, '2026-11-29 05:03:38.288135+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-f49b-7e55-95f1-1996f6c2d20c', 0, '2026-11-29 05:03:38.146445+00', 1, 'tiny-houses', '2.0.0', 'scored', '212613.80721794473', 212613.80721794473, NULL, NULL, '2026-11-29 05:03:38.288135+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-f4bc-7044-9f8a-f37e895f0694', 0, '2026-11-29 05:03:38.733291+00', 2, 'tiny-houses', '2.0.0', 'scored', '204124.0128667236', 204124.0128667236, NULL, NULL, '2026-11-29 05:03:39.028998+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-f4d1-7db4-8249-c26163baf8e8', 0, '2026-11-29 05:03:38.733291+00', 2, 'tiny-houses', '2.0.0', 'scored', '162835.647325315', 162835.647325315, NULL, NULL, '2026-11-29 05:03:39.028998+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-f4e4-7275-a4e8-83a15461688e', 0, '2026-11-29 05:03:38.733291+00', 2, 'tiny-houses', '2.0.0', 'scored', '214001.32343537183', 214001.32343537183, NULL, NULL, '2026-11-29 05:03:39.028998+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-f492-75d5-8817-617bdcdc9d85', 0, '2026-11-29 05:03:38.146445+00', 1, 'tiny-houses', '3.0.0', 'scored', '191744.77891714138', 191744.77891714138, NULL, NULL, '2026-11-29 05:03:47.401391+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-f495-7af9-99ac-ea1b354ea270', 0, '2026-11-29 05:03:38.146445+00', 1, 'tiny-houses', '3.0.0', 'scored', '177312.35116949468', 177312.35116949468, NULL, NULL, '2026-11-29 05:03:47.401391+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-f49a-74ea-8500-755dbec4ce09', 0, '2026-11-29 05:03:38.146445+00', 1, 'tiny-houses', '3.0.0', 'scored', '249624.998095309', 249624.998095309, NULL, NULL, '2026-11-29 05:03:47.401391+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-f49b-70d7-8d62-f55ff0ea273a', 0, '2026-11-29 05:03:38.146445+00', 1, 'tiny-houses', '3.0.0', 'scored', '252771.7328966644', 252771.7328966644, NULL, NULL, '2026-11-29 05:03:47.401391+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-f49b-72ff-9aac-2e67ec6f74de', 0, '2026-11-29 05:03:38.146445+00', 1, 'tiny-houses', '3.0.0', 'scored', '230606.55879261193', 230606.55879261193, NULL, NULL, '2026-11-29 05:03:47.401391+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-f49b-7b22-b0c8-9f3f3d86375d', 0, '2026-11-29 05:03:38.146445+00', 1, 'tiny-houses', '3.0.0', 'scored', '232103.17392355634', 232103.17392355634, NULL, NULL, '2026-11-29 05:03:47.401391+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-f49b-7d27-b6eb-ff221e433291', 0, '2026-11-29 05:03:38.146445+00', 1, 'tiny-houses', '3.0.0', 'scored', '171510.01098785503', 171510.01098785503, NULL, NULL, '2026-11-29 05:03:47.401391+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-f49b-7e55-95f1-1996f6c2d20c', 0, '2026-11-29 05:03:38.146445+00', 1, 'tiny-houses', '3.0.0', 'scored', '208701.1053748189', 208701.1053748189, NULL, NULL, '2026-11-29 05:03:47.401391+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-f4a2-75fe-af71-8f0a604feaec', 0, '2026-11-29 05:03:38.733291+00', 2, 'tiny-houses', '3.0.0', 'scored', '208124.39926421782', 208124.39926421782, NULL, NULL, '2026-11-29 05:03:47.471488+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-f4bc-7044-9f8a-f37e895f0694', 0, '2026-11-29 05:03:38.733291+00', 2, 'tiny-houses', '3.0.0', 'scored', '209293.85269940912', 209293.85269940912, NULL, NULL, '2026-11-29 05:03:47.471488+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-f4bc-7e32-882d-6c28b856b1ae', 0, '2026-11-29 05:03:38.733291+00', 2, 'tiny-houses', '3.0.0', 'scored', '143671.06988589698', 143671.06988589698, NULL, NULL, '2026-11-29 05:03:47.471488+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-f4c2-73a3-8ba1-6d70ccfec78c', 0, '2026-11-29 05:03:38.733291+00', 2, 'tiny-houses', '3.0.0', 'scored', '170030.175823187', 170030.175823187, NULL, NULL, '2026-11-29 05:03:47.471488+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-f4d1-7db4-8249-c26163baf8e8', 0, '2026-11-29 05:03:38.733291+00', 2, 'tiny-houses', '3.0.0', 'scored', '154131.56462696032', 154131.56462696032, NULL, NULL, '2026-11-29 05:03:47.471488+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-f4d5-7de5-b735-d0b5bc3f2c3b', 0, '2026-11-29 05:03:38.733291+00', 2, 'tiny-houses', '3.0.0', 'scored', '208745.04662412673', 208745.04662412673, NULL, NULL, '2026-11-29 05:03:47.471488+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-f4da-77da-b2ec-fffe107d8a19', 0, '2026-11-29 05:03:38.733291+00', 2, 'tiny-houses', '3.0.0', 'scored', '143074.8121362161', 143074.8121362161, NULL, NULL, '2026-11-29 05:03:47.471488+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-f4e4-7275-a4e8-83a15461688e', 0, '2026-11-29 05:03:38.733291+00', 2, 'tiny-houses', '3.0.0', 'scored', '209313.80177009501', 209313.80177009501, NULL, NULL, '2026-11-29 05:03:47.471488+00');

INSERT INTO public.shadow_state VALUES ('houses', 'tiny-houses', '2.0.0', 'scoring', '', '2026-11-29 05:03:37.68983+00');

INSERT INTO public.shipment VALUES (1, 'houses', '9b2ee167-cbe8-439b-8b76-40b4e03337c7', 1, 8, 8, '2026-11-29 05:03:38.146445+00');
INSERT INTO public.shipment VALUES (2, 'houses', '9b2ee167-cbe8-439b-8b76-40b4e03337c7', 9, 16, 8, '2026-11-29 05:03:38.733291+00');

INSERT INTO public.spool VALUES ('9b2ee167-cbe8-439b-8b76-40b4e03337c7', 'houses', 'there', 16, 2, NULL, 0, true, '2026-11-29 05:03:21.011819+00', '2026-11-29 05:03:53.542176+00');

INSERT INTO public.work VALUES (1, 'houses', 'tiny-houses', '2.0.0', 1, '2026-11-29 05:03:38.146445+00', 0.5, 8, 'done', 'vm:15934:9ed745ad', NULL, 1, 6, 2, 0, 0, '2026-11-29 05:03:38.145809+00', '2026-11-29 05:03:38.293006+00', 1, 1, false);
INSERT INTO public.work VALUES (2, 'houses', 'tiny-houses', '2.0.0', 2, '2026-11-29 05:03:38.733291+00', 0.5, 8, 'done', 'vm:15934:9ed745ad', NULL, 1, 3, 5, 0, 0, '2026-11-29 05:03:38.732973+00', '2026-11-29 05:03:39.034758+00', 1, 2, false);
INSERT INTO public.work VALUES (3, 'houses', 'tiny-houses', '3.0.0', 1, '2026-11-29 05:03:38.146445+00', 1, 8, 'done', 'vm:15934:719edd96', NULL, 1, 8, 0, 0, 0, '2026-11-29 05:03:46.525981+00', '2026-11-29 05:03:47.401689+00', NULL, NULL, true);
INSERT INTO public.work VALUES (4, 'houses', 'tiny-houses', '3.0.0', 2, '2026-11-29 05:03:38.733291+00', 1, 8, 'done', 'vm:15934:719edd96', NULL, 1, 8, 0, 0, 0, '2026-11-29 05:03:46.525981+00', '2026-11-29 05:03:47.472871+00', NULL, NULL, true);

SELECT pg_catalog.setval('public.audit_id_seq', 1, true);

SELECT pg_catalog.setval('public.comparison_id_seq', 13, true);

SELECT pg_catalog.setval('public.deployment_id_seq', 2, true);

SELECT pg_catalog.setval('public.outcome_id_seq', 16, true);

SELECT pg_catalog.setval('public.quarantine_id_seq', 1, false);

SELECT pg_catalog.setval('public.replay_id_seq', 1, true);

SELECT pg_catalog.setval('public.reproduction_id_seq', 1, true);

SELECT pg_catalog.setval('public.shipment_id_seq', 2, true);

SELECT pg_catalog.setval('public.work_id_seq', 4, true);

ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);

ALTER TABLE ONLY public.api_key
    ADD CONSTRAINT api_key_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.comparison
    ADD CONSTRAINT comparison_endpoint_deployment_id_name_version_key UNIQUE (endpoint, deployment_id, name, version);

ALTER TABLE ONLY public.comparison
    ADD CONSTRAINT comparison_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.deployment
    ADD CONSTRAINT deployment_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.drift_window
    ADD CONSTRAINT drift_window_endpoint_name_version_digest_since_key UNIQUE (endpoint, name, version, digest, since);

ALTER TABLE ONLY public.drift_window
    ADD CONSTRAINT drift_window_pkey PRIMARY KEY (endpoint, name, version, digest, number);

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
