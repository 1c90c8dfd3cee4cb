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

INSERT INTO public.alembic_version VALUES ('0005');

INSERT INTO public.comparison VALUES (1, 'houses', 2, 'tiny-houses', '1.0.0', '62b5b08b4f1342f345f6414c6ec9c23a5a5a4b5b126ae8f8b221c01f77854ea5', 'tiny-houses', '2.0.0', '47581f86f7fdf5c178fc7a45bdcf4a0200e12b3ab293f41652e3d33d4e464191', '{"aim": "not_worse", "loss": "absolute", "unit": "request", "alpha": 0.05, "power": 0.8, "guards": ["failures"], "slices": null, "loss_cap": null, "tolerance": 5805.441156545134, "loss_margin": 0.02, "slice_units": 100, "minimum_days": 7.0, "slice_margin": 0.1, "failure_limit": 0.01, "horizon_units": 10000, "loss_quantile": null, "minimum_units": 1000, "planned_units": 1000, "unmatched_limit": 0.01, "minimum_outcomes": 300, "difference_margin": 745.0356764721047, "disagreement_limit": 0.01, "outcome_delay_days": null, "outcome_influenced": false, "beyond_tolerance_limit": 0.05}', '904907f2011e754fb6412a68157878f75cfaaaead7d90882ae3cdec49c1d0cee', 1, '2026-11-29 05:02:40.159925+00', NULL, 1, '\x7801b5574b6fe3380cfe2f3a7b0b516ff53ed8eb0273984351146ee2748dba76e024edce06f9effbd1ae761cdb09d23653371045527c58a4ac6f2f7675b9dd885b72995834af459b3f15e2762fda62d1b4cb6299242febbce599cfc4267f5957c5f2a1d96dc56dc4fcb95caf592633b1ca4b883ab2f86751ed3a0be0bfe5e5b6ac9f203864e2b16a16cff079b74fde153b4f2e3059e7650b0550bb7a5b5608c2471b55b04edd28eb4164a2dc3c94cb02e2450e85555e6d8adeffae2dd8b8ccd43d7c153f9b1a01dda96eba2c57aba2ed22a9775595899e51d40b64cd3a9956de851b99c91b32a495354411ff5a93cda8e76bed9c944a394f3ae00fbaac3ff9dd1fb24f65a8c9458317fd9b33fc03295a29c906eda5961644cad0784dde47452e7847cecf65c7bc4f67a85d8c289ddf9421391d4cb71f56c688d4423426581bd47b82524a6391a4b244263885f42fca9186758ac97b9d829ad6a9d69e285c92230deb54663c3d5fa79451a6a4e9cb349074de78a5b489e49449299ede33d8dfe65555729bec4559af777c02ec053a3cef7abf79c39c4f849772b3e9db3613cf75f356f7ecc7a26adeba26cf1f716674d4a2a8aabeedd007173c7442e714ff129b496768634827f9709ccaa79ca17ea2cf699d93a5f55f1f2ff79234d3f875df630bf396e7b9e3b5c7f3cfac39b6d0cfae6527d9beb6bd647732a23babe2b5e066e24fd4011fb5b6a9b7e9bb3ced4d9c3ea937f159bc466f4e629aedd5f446d238bfea9cf49c6cde1a4e473cf3b253fc79ed8f737fd9efa95f73b6a506511d4be63d9dd339924deba16d9a97eec06ea7c580bb562a069cdfe78b814336f8b1bb14be06cd3ff0a68e1f7765853b1f6e875f733c7c2347b9c2f1f061d9589ee6691cea7f944e497f74dd39fd399be358793ee6259b73fc395ed21f8ea7f4c09f6ee6bf4ddddff4cfed25cae94c0df557e8745aedc5774082bfc52d2e3ddff20d0a05c7d18f82097dc031862b47f1f344f5a056dfcbf6631effca5f196e60f99f2d480001c3ae9ef2ff71ccf5b2dbb63bbc300228e9c046e70abe9073ba40ad0191cac5b66c704fba6a930c37b9efd5f1565f5276432be3f543d9981eeaf27971ad27d94de3d06ee2a57128bb881e173c97c5b2dc00852e509077b8ddde098a8e8cc3fddf1aab22a920452674749858e925b08f8e4a339382358043d2441901fc8019085ca502d0a28f01e03032668b8e0d78dcc43d6c28a9485919145b008e94ca18e92c85e8b4071801179824909356eb08d8e9818a58d721181d9cb1d605e38dea753904afada608186c25456fa04b5293624fd601b349157cf4cc562644a8c3b09308d890b7ccd6d1e808d30e189a0c30b5e590c920764f2a0619ad076e91b263337c824b36117ca0080cc5dad66035c38d48411b8044cb6f037948a99dd2787b588534ad16f7bc0f4dc3701f9dbd02acdf3ee4d88023406f9d0418ac70668c65da04aff4e13f4741e2e2', '{"reasons": ["Not reachable if the present estimate is true: mean absolute loss of the shadow less live''s, less the margin of 0.02 × live''s.", "Share of requests on which the shadow failed is 0.00% (between 0.00% and 52.78% at 97.5 %; limit below 1.00%; 7 units): not settled yet.", "The mean absolute error of the shadow is 6,209 against 5,737 of live, a change of +8.23% (no interval yet; limit below +2.00%; 7 units): not settled yet (7 of the 100 units that any interval needs).", "7 of at least 1,000 units are compared.", "1.08e-06 of at least 7 days are observed.", "7 of at least 300 outcomes are known."], "verdict": "NEED_MORE_DATA"}', '2026-11-29 05:02:58.191175+00');

INSERT INTO public.deployment VALUES (1, 'houses', '2026-11-29 05:02:35.531412+00', 'ann@there', 'the first', 'live', 'tiny-houses', '1.0.0', '62b5b08b4f1342f345f6414c6ec9c23a5a5a4b5b126ae8f8b221c01f77854ea5', 1, false, NULL, '[]');
INSERT INTO public.deployment VALUES (2, 'houses', '2026-11-29 05:02:40.159925+00', 'ann@there', 'better?', 'shadow', 'tiny-houses', '2.0.0', '47581f86f7fdf5c178fc7a45bdcf4a0200e12b3ab293f41652e3d33d4e464191', 0.5, false, NULL, '[]');

INSERT INTO public.outcome VALUES (1, 'houses', '01a225af-1a4d-78c1-8730-0d374b64fbed', 0, 1, '205095.0', '2026-11-29 05:02:44.049688+00');
INSERT INTO public.outcome VALUES (2, 'houses', '01a225af-1a4f-769b-85ea-c400b75c41ac', 0, 1, '168933.0', '2026-11-29 05:02:44.049688+00');
INSERT INTO public.outcome VALUES (3, 'houses', '01a225af-1a4f-7857-b0ad-ebc2b0e376ad', 0, 1, '253040.0', '2026-11-29 05:02:44.049688+00');
INSERT INTO public.outcome VALUES (4, 'houses', '01a225af-1a50-75da-a12d-e5fea629442e', 0, 1, '206229.0', '2026-11-29 05:02:44.049688+00');
INSERT INTO public.outcome VALUES (5, 'houses', '01a225af-1a50-73a2-8b25-c4485c23dd90', 0, 1, '246416.0', '2026-11-29 05:02:44.049688+00');
INSERT INTO public.outcome VALUES (6, 'houses', '01a225af-1a51-71d8-9e68-af410b28159f', 0, 1, '222153.0', '2026-11-29 05:02:44.049688+00');
INSERT INTO public.outcome VALUES (7, 'houses', '01a225af-1a51-7445-a0fa-26e723232ba7', 0, 1, '168858.0', '2026-11-29 05:02:44.049688+00');
INSERT INTO public.outcome VALUES (8, 'houses', '01a225af-1a51-7fe5-8cb7-99d4a84333f7', 0, 1, '233591.0', '2026-11-29 05:02:44.049688+00');
INSERT INTO public.outcome VALUES (9, 'houses', '01a225af-1a6c-79cb-b2c7-6124f0aa1ed6', 0, 1, '204377.0', '2026-11-29 05:02:44.049688+00');
INSERT INTO public.outcome VALUES (10, 'houses', '01a225af-1a7f-73e7-805d-4fc96abf6ef2', 0, 1, '213582.0', '2026-11-29 05:02:44.049688+00');
INSERT INTO public.outcome VALUES (11, 'houses', '01a225af-1a8c-770b-a7cb-0bae7222a711', 0, 1, '216829.0', '2026-11-29 05:02:44.049688+00');
INSERT INTO public.outcome VALUES (12, 'houses', '01a225af-1a8f-7437-93a9-ee7704354a44', 0, 1, '158373.0', '2026-11-29 05:02:44.049688+00');
INSERT INTO public.outcome VALUES (13, 'houses', '01a225af-1a91-7452-82df-bc7c892a7750', 0, 1, '178368.0', '2026-11-29 05:02:44.049688+00');
INSERT INTO public.outcome VALUES (14, 'houses', '01a225af-1aa0-7e94-8056-8b5ceda1706f', 0, 1, '156471.0', '2026-11-29 05:02:44.049688+00');
INSERT INTO public.outcome VALUES (15, 'houses', '01a225af-1aa1-770c-abb0-514c44056274', 0, 1, '145684.0', '2026-11-29 05:02:44.049688+00');
INSERT INTO public.outcome VALUES (16, 'houses', '01a225af-1aa8-72ad-893a-595572c2721d', 0, 1, '208525.0', '2026-11-29 05:02:44.049688+00');

INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225af-1a4d-78c1-8730-0d374b64fbed', 0, NULL, '2026-11-29 05:02:42.255609+00', '2026-11-29 05:02:42.33283+00', 1, 'tiny-houses', '1.0.0', '{"area": 133.1, "sold": 2006, "zone": "South", "agent": "Ada", "alley": "Paved", "built": 1993, "rooms": 6, "garage": true, "frontage": 18.8}', '191744.77891714138', 191744.77891714138, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225af-1a4f-769b-85ea-c400b75c41ac', 0, NULL, '2026-11-29 05:02:42.255859+00', '2026-11-29 05:02:42.33283+00', 1, 'tiny-houses', '1.0.0', '{"area": 160.0, "sold": 2006, "zone": "East", "agent": "Ben", "alley": "Gravel", "built": 1941, "rooms": 1, "garage": true, "frontage": 18.7}', '177312.35116949468', 177312.35116949468, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225af-1a4f-7857-b0ad-ebc2b0e376ad', 0, NULL, '2026-11-29 05:02:42.256095+00', '2026-11-29 05:02:42.33283+00', 1, 'tiny-houses', '1.0.0', '{"area": 245.2, "sold": 2006, "zone": "South", "agent": "Ada", "alley": "Gravel", "built": 1903, "rooms": 2, "garage": true, "frontage": 24.8}', '249624.998095309', 249624.998095309, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225af-1a50-75da-a12d-e5fea629442e', 0, NULL, '2026-11-29 05:02:42.256267+00', '2026-11-29 05:02:42.33283+00', 1, 'tiny-houses', '1.0.0', '{"area": 144.7, "sold": 2007, "zone": "West", "agent": "Ben", "alley": null, "built": 1978, "rooms": 6, "garage": true, "frontage": 14.1}', '208701.1053748189', 208701.1053748189, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225af-1a50-73a2-8b25-c4485c23dd90', 0, NULL, '2026-11-29 05:02:42.257285+00', '2026-11-29 05:02:42.33283+00', 1, 'tiny-houses', '1.0.0', '{"area": 218.6, "sold": 2007, "zone": "West", "agent": "Ben", "alley": null, "built": 1911, "rooms": 7, "garage": false, "frontage": 23.7}', '252771.7328966644', 252771.7328966644, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225af-1a51-71d8-9e68-af410b28159f', 0, NULL, '2026-11-29 05:02:42.257401+00', '2026-11-29 05:02:42.33283+00', 1, 'tiny-houses', '1.0.0', '{"area": 188.9, "sold": 2007, "zone": "South", "agent": "Ada", "alley": "Paved", "built": 1967, "rooms": 6, "garage": true, "frontage": 14.5}', '232103.17392355634', 232103.17392355634, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225af-1a51-7445-a0fa-26e723232ba7', 0, NULL, '2026-11-29 05:02:42.257486+00', '2026-11-29 05:02:42.33283+00', 1, 'tiny-houses', '1.0.0', '{"area": 126.2, "sold": 2007, "zone": "South", "agent": "Ada", "alley": null, "built": 1918, "rooms": 8, "garage": true, "frontage": null}', '171510.01098785503', 171510.01098785503, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225af-1a51-7fe5-8cb7-99d4a84333f7', 0, NULL, '2026-11-29 05:02:42.257605+00', '2026-11-29 05:02:42.33283+00', 1, 'tiny-houses', '1.0.0', '{"area": 184.8, "sold": 2007, "zone": "East", "agent": "Ada", "alley": "Paved", "built": 2003, "rooms": 4, "garage": true, "frontage": 15.8}', '230606.55879261193', 230606.55879261193, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225af-1a6c-79cb-b2c7-6124f0aa1ed6', 0, NULL, '2026-11-29 05:02:42.298912+00', '2026-11-29 05:02:42.33283+00', 1, 'tiny-houses', '1.0.0', '{"area": 168.7, "sold": 2008, "zone": "East", "agent": "Ben", "alley": null, "built": 1974, "rooms": 3, "garage": true, "frontage": 27.2}', '208124.39926421782', 208124.39926421782, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225af-1a7f-73e7-805d-4fc96abf6ef2', 0, NULL, '2026-11-29 05:02:42.305763+00', '2026-11-29 05:02:42.33283+00', 1, 'tiny-houses', '1.0.0', '{"area": 169.9, "sold": 2009, "zone": "West", "agent": "Ben", "alley": "Paved", "built": 1979, "rooms": 2, "garage": false, "frontage": 23.2}', '209313.80177009501', 209313.80177009501, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225af-1a8c-770b-a7cb-0bae7222a711', 0, NULL, '2026-11-29 05:02:42.316947+00', '2026-11-29 05:02:42.33283+00', 1, 'tiny-houses', '1.0.0', '{"area": 197.2, "sold": 2009, "zone": "East", "agent": "Ada", "alley": null, "built": 1941, "rooms": 2, "garage": false, "frontage": 24.2}', '208745.04662412673', 208745.04662412673, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225af-1a8f-7437-93a9-ee7704354a44', 0, NULL, '2026-11-29 05:02:42.323476+00', '2026-11-29 05:02:42.33283+00', 1, 'tiny-houses', '1.0.0', '{"area": 112.4, "sold": 2010, "zone": "South", "agent": "Ben", "alley": "Gravel", "built": 1916, "rooms": 7, "garage": false, "frontage": 19.6}', '143074.8121362161', 143074.8121362161, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225af-1a91-7452-82df-bc7c892a7750', 0, NULL, '2026-11-29 05:02:42.327243+00', '2026-11-29 05:02:42.919748+00', 2, 'tiny-houses', '1.0.0', '{"area": 137.1, "sold": 2009, "zone": "East", "agent": "Ada", "alley": "Gravel", "built": 1967, "rooms": 1, "garage": true, "frontage": 32.2}', '170030.175823187', 170030.175823187, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225af-1aa0-7e94-8056-8b5ceda1706f', 0, NULL, '2026-11-29 05:02:42.336999+00', '2026-11-29 05:02:42.919748+00', 2, 'tiny-houses', '1.0.0', '{"area": 99.2, "sold": 2010, "zone": "South", "agent": "Ben", "alley": null, "built": 1988, "rooms": 4, "garage": true, "frontage": 24.2}', '154131.56462696032', 154131.56462696032, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225af-1aa1-770c-abb0-514c44056274', 0, NULL, '2026-11-29 05:02:42.337118+00', '2026-11-29 05:02:42.919748+00', 2, 'tiny-houses', '1.0.0', '{"area": 125.2, "sold": 2010, "zone": "South", "agent": "Ada", "alley": "Paved", "built": 1912, "rooms": 2, "garage": true, "frontage": 17.0}', '143671.06988589698', 143671.06988589698, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225af-1aa8-72ad-893a-595572c2721d', 0, NULL, '2026-11-29 05:02:42.348723+00', '2026-11-29 05:02:42.919748+00', 2, 'tiny-houses', '1.0.0', '{"area": 141.1, "sold": 2008, "zone": "South", "agent": "Ada", "alley": "Paved", "built": 2009, "rooms": 7, "garage": true, "frontage": 22.8}', '209293.85269940912', 209293.85269940912, NULL, 2);

INSERT INTO public.replay VALUES (1, 'houses', '2026-11-29 05:02:49.557053+00', 'ann@there', 'tiny-houses', '3.0.0', '15fcd4dbf8752f7b90d3ef41f7f322345b83763b9eb2b871773d8bd84167a46f', 1, '2026-11-28 05:02:48.570272+00', '2026-11-29 05:02:49.427543+00');

INSERT INTO public.reproduction VALUES (1, 'houses', '2026-11-29 05:02:42.857193+00', '2026-11-29 05:02:43.83298+00', '{"seed": 217686654, "since": "2026-11-28T05:02:42.857193+00:00", "until": "2026-11-29T05:02:42.857193+00:00", "endpoint": "houses", "versions": [{"why": "the same engine and libraries: equal to the last bit", "name": "tiny-houses", "digest": "62b5b08b4f1342f345f6414c6ec9c23a5a5a4b5b126ae8f8b221c01f77854ea5", "engine": "compiled", "within": 0, "largest": 0.0, "missing": 0, "problem": null, "sampled": 12, "version": "1.0.0", "examples": [], "recorded": 12, "differing": 0, "identical": 12, "tolerance": 0.0}]}');

INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-1a4f-7857-b0ad-ebc2b0e376ad', 0, '2026-11-29 05:02:42.33283+00', 1, 'tiny-houses', '2.0.0', 'scored', '266235.7804328467', 266235.7804328467, NULL, NULL, '2026-11-29 05:02:42.842664+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-1a50-73a2-8b25-c4485c23dd90', 0, '2026-11-29 05:02:42.33283+00', 1, 'tiny-houses', '2.0.0', 'scored', '245422.8527541872', 245422.8527541872, NULL, NULL, '2026-11-29 05:02:42.842664+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-1a51-7445-a0fa-26e723232ba7', 0, '2026-11-29 05:02:42.33283+00', 1, 'tiny-houses', '2.0.0', 'scored', '154017.27828990988', 154017.27828990988, NULL, NULL, '2026-11-29 05:02:42.842664+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-1a8c-770b-a7cb-0bae7222a711', 0, '2026-11-29 05:02:42.33283+00', 1, 'tiny-houses', '2.0.0', 'scored', '216406.34142644', 216406.34142644, NULL, NULL, '2026-11-29 05:02:42.842664+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-1a8f-7437-93a9-ee7704354a44', 0, '2026-11-29 05:02:42.33283+00', 1, 'tiny-houses', '2.0.0', 'scored', '151080.13499291177', 151080.13499291177, NULL, NULL, '2026-11-29 05:02:42.842664+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-1aa0-7e94-8056-8b5ceda1706f', 0, '2026-11-29 05:02:42.919748+00', 2, 'tiny-houses', '2.0.0', 'scored', '162835.647325315', 162835.647325315, NULL, NULL, '2026-11-29 05:02:42.951036+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-1aa1-770c-abb0-514c44056274', 0, '2026-11-29 05:02:42.919748+00', 2, 'tiny-houses', '2.0.0', 'scored', '145331.33171726807', 145331.33171726807, NULL, NULL, '2026-11-29 05:02:42.951036+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-1a4d-78c1-8730-0d374b64fbed', 0, '2026-11-29 05:02:42.33283+00', 1, 'tiny-houses', '3.0.0', 'scored', '191744.77891714138', 191744.77891714138, NULL, NULL, '2026-11-29 05:02:50.442675+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-1a4f-769b-85ea-c400b75c41ac', 0, '2026-11-29 05:02:42.33283+00', 1, 'tiny-houses', '3.0.0', 'scored', '177312.35116949468', 177312.35116949468, NULL, NULL, '2026-11-29 05:02:50.442675+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-1a4f-7857-b0ad-ebc2b0e376ad', 0, '2026-11-29 05:02:42.33283+00', 1, 'tiny-houses', '3.0.0', 'scored', '249624.998095309', 249624.998095309, NULL, NULL, '2026-11-29 05:02:50.442675+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-1a50-73a2-8b25-c4485c23dd90', 0, '2026-11-29 05:02:42.33283+00', 1, 'tiny-houses', '3.0.0', 'scored', '252771.7328966644', 252771.7328966644, NULL, NULL, '2026-11-29 05:02:50.442675+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-1a50-75da-a12d-e5fea629442e', 0, '2026-11-29 05:02:42.33283+00', 1, 'tiny-houses', '3.0.0', 'scored', '208701.1053748189', 208701.1053748189, NULL, NULL, '2026-11-29 05:02:50.442675+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-1a51-71d8-9e68-af410b28159f', 0, '2026-11-29 05:02:42.33283+00', 1, 'tiny-houses', '3.0.0', 'scored', '232103.17392355634', 232103.17392355634, NULL, NULL, '2026-11-29 05:02:50.442675+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-1a51-7445-a0fa-26e723232ba7', 0, '2026-11-29 05:02:42.33283+00', 1, 'tiny-houses', '3.0.0', 'scored', '171510.01098785503', 171510.01098785503, NULL, NULL, '2026-11-29 05:02:50.442675+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-1a51-7fe5-8cb7-99d4a84333f7', 0, '2026-11-29 05:02:42.33283+00', 1, 'tiny-houses', '3.0.0', 'scored', '230606.55879261193', 230606.55879261193, NULL, NULL, '2026-11-29 05:02:50.442675+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-1a6c-79cb-b2c7-6124f0aa1ed6', 0, '2026-11-29 05:02:42.33283+00', 1, 'tiny-houses', '3.0.0', 'scored', '208124.39926421782', 208124.39926421782, NULL, NULL, '2026-11-29 05:02:50.442675+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-1a7f-73e7-805d-4fc96abf6ef2', 0, '2026-11-29 05:02:42.33283+00', 1, 'tiny-houses', '3.0.0', 'scored', '209313.80177009501', 209313.80177009501, NULL, NULL, '2026-11-29 05:02:50.442675+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-1a8c-770b-a7cb-0bae7222a711', 0, '2026-11-29 05:02:42.33283+00', 1, 'tiny-houses', '3.0.0', 'scored', '208745.04662412673', 208745.04662412673, NULL, NULL, '2026-11-29 05:02:50.442675+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-1a8f-7437-93a9-ee7704354a44', 0, '2026-11-29 05:02:42.33283+00', 1, 'tiny-houses', '3.0.0', 'scored', '143074.8121362161', 143074.8121362161, NULL, NULL, '2026-11-29 05:02:50.442675+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-1a91-7452-82df-bc7c892a7750', 0, '2026-11-29 05:02:42.919748+00', 2, 'tiny-houses', '3.0.0', 'scored', '170030.175823187', 170030.175823187, NULL, NULL, '2026-11-29 05:02:50.482534+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-1aa0-7e94-8056-8b5ceda1706f', 0, '2026-11-29 05:02:42.919748+00', 2, 'tiny-houses', '3.0.0', 'scored', '154131.56462696032', 154131.56462696032, NULL, NULL, '2026-11-29 05:02:50.482534+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-1aa1-770c-abb0-514c44056274', 0, '2026-11-29 05:02:42.919748+00', 2, 'tiny-houses', '3.0.0', 'scored', '143671.06988589698', 143671.06988589698, NULL, NULL, '2026-11-29 05:02:50.482534+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225af-1aa8-72ad-893a-595572c2721d', 0, '2026-11-29 05:02:42.919748+00', 2, 'tiny-houses', '3.0.0', 'scored', '209293.85269940912', 209293.85269940912, NULL, NULL, '2026-11-29 05:02:50.482534+00');

INSERT INTO public.shadow_state VALUES ('houses', 'tiny-houses', '2.0.0', 'scoring', '', '2026-11-29 05:02:41.23035+00');

INSERT INTO public.shipment VALUES (1, 'houses', 'b1b913af-cf9d-41b4-9a07-250b0663896c', 1, 12, 12, '2026-11-29 05:02:42.33283+00');
INSERT INTO public.shipment VALUES (2, 'houses', 'b1b913af-cf9d-41b4-9a07-250b0663896c', 13, 16, 4, '2026-11-29 05:02:42.919748+00');

INSERT INTO public.spool VALUES ('b1b913af-cf9d-41b4-9a07-250b0663896c', 'houses', 'there', 16, 2, NULL, 0, true, '2026-11-29 05:02:29.217711+00', '2026-11-29 05:02:56.8324+00');

INSERT INTO public.work VALUES (1, 'houses', 'tiny-houses', '2.0.0', 1, '2026-11-29 05:02:42.33283+00', 0.5, 12, 'done', 'vm:15443:1485f89e', NULL, 1, 5, 7, 0, 0, '2026-11-29 05:02:42.332209+00', '2026-11-29 05:02:42.844863+00', 1, 1, false);
INSERT INTO public.work VALUES (2, 'houses', 'tiny-houses', '2.0.0', 2, '2026-11-29 05:02:42.919748+00', 0.5, 4, 'done', 'vm:15443:1485f89e', NULL, 1, 2, 2, 0, 0, '2026-11-29 05:02:42.919402+00', '2026-11-29 05:02:42.951328+00', 1, 1, false);
INSERT INTO public.work VALUES (3, 'houses', 'tiny-houses', '3.0.0', 1, '2026-11-29 05:02:42.33283+00', 1, 12, 'done', 'vm:15443:6a8d329a', NULL, 1, 12, 0, 0, 0, '2026-11-29 05:02:49.578715+00', '2026-11-29 05:02:50.444864+00', NULL, NULL, true);
INSERT INTO public.work VALUES (4, 'houses', 'tiny-houses', '3.0.0', 2, '2026-11-29 05:02:42.919748+00', 1, 4, 'done', 'vm:15443:6a8d329a', NULL, 1, 4, 0, 0, 0, '2026-11-29 05:02:49.578715+00', '2026-11-29 05:02:50.482805+00', NULL, NULL, true);

SELECT pg_catalog.setval('public.comparison_id_seq', 14, true);

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
