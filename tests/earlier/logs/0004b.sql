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

INSERT INTO public.alembic_version VALUES ('0004');

INSERT INTO public.comparison VALUES (1, 'houses', 2, 'tiny-houses', '1.0.0', '62b5b08b4f1342f345f6414c6ec9c23a5a5a4b5b126ae8f8b221c01f77854ea5', 'tiny-houses', '2.0.0', '47581f86f7fdf5c178fc7a45bdcf4a0200e12b3ab293f41652e3d33d4e464191', '{"aim": "not_worse", "loss": "absolute", "unit": "request", "alpha": 0.05, "power": 0.8, "guards": ["failures"], "slices": null, "loss_cap": null, "tolerance": 5805.441156545134, "loss_margin": 0.02, "slice_units": 100, "minimum_days": 7.0, "slice_margin": 0.1, "failure_limit": 0.01, "horizon_units": 10000, "loss_quantile": null, "minimum_units": 1000, "planned_units": 1000, "unmatched_limit": 0.01, "minimum_outcomes": 300, "difference_margin": 745.0356764721047, "disagreement_limit": 0.01, "outcome_delay_days": null, "outcome_influenced": false, "beyond_tolerance_limit": 0.05}', '904907f2011e754fb6412a68157878f75cfaaaead7d90882ae3cdec49c1d0cee', 1, '2026-11-29 05:02:01.647941+00', NULL, 1, '\x7801b5584d6ff3360cfe2f3a7b81a86ff53eec3a60871d82a27013b733eada8193b47b17e4bfefa11dbd7562274bdb0c81218aa41e9216298bd9896d5d6ed6e28e5c2616cd5bd1e6cf85b8db89b65834edb25826c9eb2a6f79e633b1ce5f5755b17c68b61b7117317f29572b96c94c3ce525441d59fcbda8b61d02f8ef79b929eb6708f69978ac9ac50b6cce77c9ba62e3c90426abbc6ca1006a5b6fca0a4ef868a30a56e959d052069d8972fd502e0b881739149ef26a5df4f6b76dc1e03253f7b055fc686a3834a76eba2c9f9e8ab6f3a4de5655267a46512f10f55c652ad3cabb3093d92f72a682b35a4b1fb40d41459711f872261d9185c8a8e89d3621326feab9df675f8d9054f8df23448086482b0a4a7be76cb03e45e8a533da9171e4a425eba6a263de97230cd6d84f07d8efe87f6f61a0a80e3b484649ef0cb9403e04a70f0192d73e600f8374c146adae898f86398ac92147414de46808e6ba1ca5e31ce5e9e50029a3ec10a09c456d1561eba4f3a88a8ffd3b1f0ff0377955955c223b51d6ab2d57ff4ea0baf3aeee9b77ccf934782dd7ebbe6433f15237ef75cf7e2caae6bd2bf0fc11e745472d8aaaea4b0e7570c58fcee89ce35f8399748618433ac987e3583ee60cf5137d49eb922cadfffe78bd95a499c6efdb3e4598469ee69eae3d9e7f65cd31423fbb154ec2be355ec21d8da8ceaa782bb898f8f3b4c707ad6dea4dfa268f6b13a74faa4d9ca7b7a8cd914f93b59ade481aa7575d925e924da3499c7ce7569de39f43fa2cff03bfa73ee68c84efc7cfdfb1e4833fa42ee91cc9c6f9d036cd6b7760b7e364c03d2b2503ceefcbc9c02e1b3c6c2eb9af41f303ded8f0e3b6ac70dfc3cdf07b863ff31e8edec5c1595e7fca1f625e4ba7a0afd5bf466f0af3d4579e9ff212f6147f8a97f487e3393df0c79bf94f53f7b7fc4b7b8974ba9043fdf5399d563bf107da81bfc41daeadbfe66b240a8ea33f0b26f41ec718ae1cc58f33d9835c3da4ede72cfe9ebf71ab81e5bfb520d1041836f59cffec616e17dda6dde285111a92aed1e84cc116624e17a815daa372b1291bdc936e5a24c34dee6bf574abaf49bb21cae9faa1ec941eeaf27971ab5fc24de31037f1d238945d459f263ca7c5b25ca3035d2021e7b8ddce0545ee6f8253e8445444bf25452674749858e965406b17956626a159898aa489322ae54c7004ae52019da28f41938d2e1a1f1d03786da20786928a9495413102da2ca98c91ce52884e7b1b14b8165d25f7575aa38f84bd1859d7c1191d9cb1d605e38dea75d905afada668e1b1a4e80d74496a526cc93a4d5eaae0a367b642530a75003b09870d79cb6c1d8d8e807668a4c9a09fb6ec3219f8ee49c520a3f51eaeca8e6d25632036c645c7116c0782b6375804499182e6c6caf2db401c526aa734de1e56214cabc53def43d370ab8fca7e424bbf79c8b101c3661e6f0a7f2154383246a2ae87daff0b65cce218', '{"reasons": ["Not reachable if the present estimate is true: mean absolute loss of the shadow less live''s, less the margin of 0.02 × live''s.", "Share of requests on which the shadow failed is 0.00% (between 0.00% and 52.78% at 97.5 %; limit below 1.00%; 7 units): not settled yet.", "The mean absolute error of the shadow is 7,377 against 4,752 of live, a change of +55.23% (no interval yet; limit below +2.00%; 7 units): not settled yet (7 of the 100 units that any interval needs).", "7 of at least 1,000 units are compared.", "6.85e-07 of at least 7 days are observed.", "7 of at least 300 outcomes are known."], "verdict": "NEED_MORE_DATA"}', '2026-11-29 05:02:14.314486+00');

INSERT INTO public.deployment VALUES (1, 'houses', '2026-11-29 05:01:54.360798+00', 'ann@there', 'the first', 'live', 'tiny-houses', '1.0.0', '62b5b08b4f1342f345f6414c6ec9c23a5a5a4b5b126ae8f8b221c01f77854ea5', 1, false, NULL, '[]');
INSERT INTO public.deployment VALUES (2, 'houses', '2026-11-29 05:02:01.647941+00', 'ann@there', 'better?', 'shadow', 'tiny-houses', '2.0.0', '47581f86f7fdf5c178fc7a45bdcf4a0200e12b3ab293f41652e3d33d4e464191', 0.5, false, NULL, '[]');

INSERT INTO public.outcome VALUES (1, 'houses', '01a225ae-842c-7fd3-a8ea-c3477d5b2100', 0, 1, '205095.0', '2026-11-29 05:02:05.057925+00');
INSERT INTO public.outcome VALUES (2, 'houses', '01a225ae-842d-7684-8af1-4242bf5a386e', 0, 1, '168933.0', '2026-11-29 05:02:05.057925+00');
INSERT INTO public.outcome VALUES (3, 'houses', '01a225ae-8434-7e86-97bb-af4910771d15', 0, 1, '246416.0', '2026-11-29 05:02:05.057925+00');
INSERT INTO public.outcome VALUES (4, 'houses', '01a225ae-8434-7adf-909f-e35e4ed0a9e3', 0, 1, '222153.0', '2026-11-29 05:02:05.057925+00');
INSERT INTO public.outcome VALUES (5, 'houses', '01a225ae-8434-7d49-9e9d-019169e9fea3', 0, 1, '168858.0', '2026-11-29 05:02:05.057925+00');
INSERT INTO public.outcome VALUES (6, 'houses', '01a225ae-8434-7884-8f89-483931f21f46', 0, 1, '233591.0', '2026-11-29 05:02:05.057925+00');
INSERT INTO public.outcome VALUES (7, 'houses', '01a225ae-842d-7a0d-8200-d4d21de1ded6', 0, 1, '253040.0', '2026-11-29 05:02:05.057925+00');
INSERT INTO public.outcome VALUES (8, 'houses', '01a225ae-8433-7dd9-b73a-fc00100d92d0', 0, 1, '206229.0', '2026-11-29 05:02:05.057925+00');
INSERT INTO public.outcome VALUES (9, 'houses', '01a225ae-843d-787e-a902-5441e24d8feb', 0, 1, '204377.0', '2026-11-29 05:02:05.057925+00');
INSERT INTO public.outcome VALUES (10, 'houses', '01a225ae-844c-7796-b73d-50510e625449', 0, 1, '208525.0', '2026-11-29 05:02:05.057925+00');
INSERT INTO public.outcome VALUES (11, 'houses', '01a225ae-8455-7f20-b7d4-462605ae97f4', 0, 1, '178368.0', '2026-11-29 05:02:05.057925+00');
INSERT INTO public.outcome VALUES (12, 'houses', '01a225ae-845e-7e45-80a7-4f2c4fe4edf9', 0, 1, '156471.0', '2026-11-29 05:02:05.057925+00');
INSERT INTO public.outcome VALUES (13, 'houses', '01a225ae-8465-763d-a6a3-8b8c1050f54c', 0, 1, '213582.0', '2026-11-29 05:02:05.057925+00');
INSERT INTO public.outcome VALUES (14, 'houses', '01a225ae-8466-7fe6-ba22-7ba5c075152c', 0, 1, '158373.0', '2026-11-29 05:02:05.057925+00');
INSERT INTO public.outcome VALUES (15, 'houses', '01a225ae-8467-72f9-b5f3-d4cea2af3124', 0, 1, '145684.0', '2026-11-29 05:02:05.057925+00');
INSERT INTO public.outcome VALUES (16, 'houses', '01a225ae-846f-7145-8f93-96f57c7c2d76', 0, 1, '216829.0', '2026-11-29 05:02:05.057925+00');

INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ae-842c-7fd3-a8ea-c3477d5b2100', 0, NULL, '2026-11-29 05:02:03.82929+00', '2026-11-29 05:02:03.859201+00', 1, 'tiny-houses', '1.0.0', '{"area": 133.1, "sold": 2006, "zone": "South", "agent": "Ada", "alley": "Paved", "built": 1993, "rooms": 6, "garage": true, "frontage": 18.8}', '191744.77891714138', 191744.77891714138, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ae-842d-7684-8af1-4242bf5a386e', 0, NULL, '2026-11-29 05:02:03.829418+00', '2026-11-29 05:02:03.859201+00', 1, 'tiny-houses', '1.0.0', '{"area": 160.0, "sold": 2006, "zone": "East", "agent": "Ben", "alley": "Gravel", "built": 1941, "rooms": 1, "garage": true, "frontage": 18.7}', '177312.35116949468', 177312.35116949468, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ae-8434-7e86-97bb-af4910771d15', 0, NULL, '2026-11-29 05:02:03.830028+00', '2026-11-29 05:02:03.859201+00', 1, 'tiny-houses', '1.0.0', '{"area": 218.6, "sold": 2007, "zone": "West", "agent": "Ben", "alley": null, "built": 1911, "rooms": 7, "garage": false, "frontage": 23.7}', '252771.7328966644', 252771.7328966644, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ae-8434-7adf-909f-e35e4ed0a9e3', 0, NULL, '2026-11-29 05:02:03.83006+00', '2026-11-29 05:02:03.859201+00', 1, 'tiny-houses', '1.0.0', '{"area": 188.9, "sold": 2007, "zone": "South", "agent": "Ada", "alley": "Paved", "built": 1967, "rooms": 6, "garage": true, "frontage": 14.5}', '232103.17392355634', 232103.17392355634, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ae-8434-7d49-9e9d-019169e9fea3', 0, NULL, '2026-11-29 05:02:03.830083+00', '2026-11-29 05:02:03.859201+00', 1, 'tiny-houses', '1.0.0', '{"area": 126.2, "sold": 2007, "zone": "South", "agent": "Ada", "alley": null, "built": 1918, "rooms": 8, "garage": true, "frontage": null}', '171510.01098785503', 171510.01098785503, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ae-8434-7884-8f89-483931f21f46', 0, NULL, '2026-11-29 05:02:03.830106+00', '2026-11-29 05:02:03.859201+00', 1, 'tiny-houses', '1.0.0', '{"area": 184.8, "sold": 2007, "zone": "East", "agent": "Ada", "alley": "Paved", "built": 2003, "rooms": 4, "garage": true, "frontage": 15.8}', '230606.55879261193', 230606.55879261193, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ae-842d-7a0d-8200-d4d21de1ded6', 0, NULL, '2026-11-29 05:02:03.830128+00', '2026-11-29 05:02:03.859201+00', 1, 'tiny-houses', '1.0.0', '{"area": 245.2, "sold": 2006, "zone": "South", "agent": "Ada", "alley": "Gravel", "built": 1903, "rooms": 2, "garage": true, "frontage": 24.8}', '249624.998095309', 249624.998095309, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ae-8433-7dd9-b73a-fc00100d92d0', 0, NULL, '2026-11-29 05:02:03.83016+00', '2026-11-29 05:02:03.859201+00', 1, 'tiny-houses', '1.0.0', '{"area": 144.7, "sold": 2007, "zone": "West", "agent": "Ben", "alley": null, "built": 1978, "rooms": 6, "garage": true, "frontage": 14.1}', '208701.1053748189', 208701.1053748189, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ae-843d-787e-a902-5441e24d8feb', 0, NULL, '2026-11-29 05:02:03.844622+00', '2026-11-29 05:02:03.859201+00', 1, 'tiny-houses', '1.0.0', '{"area": 168.7, "sold": 2008, "zone": "East", "agent": "Ben", "alley": null, "built": 1974, "rooms": 3, "garage": true, "frontage": 27.2}', '208124.39926421782', 208124.39926421782, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ae-844c-7796-b73d-50510e625449', 0, NULL, '2026-11-29 05:02:03.852971+00', '2026-11-29 05:02:03.894381+00', 2, 'tiny-houses', '1.0.0', '{"area": 141.1, "sold": 2008, "zone": "South", "agent": "Ada", "alley": "Paved", "built": 2009, "rooms": 7, "garage": true, "frontage": 22.8}', '209293.85269940912', 209293.85269940912, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ae-8455-7f20-b7d4-462605ae97f4', 0, NULL, '2026-11-29 05:02:03.863178+00', '2026-11-29 05:02:03.894381+00', 2, 'tiny-houses', '1.0.0', '{"area": 137.1, "sold": 2009, "zone": "East", "agent": "Ada", "alley": "Gravel", "built": 1967, "rooms": 1, "garage": true, "frontage": 32.2}', '170030.175823187', 170030.175823187, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ae-845e-7e45-80a7-4f2c4fe4edf9', 0, NULL, '2026-11-29 05:02:03.871373+00', '2026-11-29 05:02:03.894381+00', 2, 'tiny-houses', '1.0.0', '{"area": 99.2, "sold": 2010, "zone": "South", "agent": "Ben", "alley": null, "built": 1988, "rooms": 4, "garage": true, "frontage": 24.2}', '154131.56462696032', 154131.56462696032, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ae-8465-763d-a6a3-8b8c1050f54c', 0, NULL, '2026-11-29 05:02:03.878376+00', '2026-11-29 05:02:03.894381+00', 2, 'tiny-houses', '1.0.0', '{"area": 169.9, "sold": 2009, "zone": "West", "agent": "Ben", "alley": "Paved", "built": 1979, "rooms": 2, "garage": false, "frontage": 23.2}', '209313.80177009501', 209313.80177009501, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ae-8466-7fe6-ba22-7ba5c075152c', 0, NULL, '2026-11-29 05:02:03.879162+00', '2026-11-29 05:02:03.894381+00', 2, 'tiny-houses', '1.0.0', '{"area": 112.4, "sold": 2010, "zone": "South", "agent": "Ben", "alley": "Gravel", "built": 1916, "rooms": 7, "garage": false, "frontage": 19.6}', '143074.8121362161', 143074.8121362161, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ae-8467-72f9-b5f3-d4cea2af3124', 0, NULL, '2026-11-29 05:02:03.88545+00', '2026-11-29 05:02:03.894381+00', 2, 'tiny-houses', '1.0.0', '{"area": 125.2, "sold": 2010, "zone": "South", "agent": "Ada", "alley": "Paved", "built": 1912, "rooms": 2, "garage": true, "frontage": 17.0}', '143671.06988589698', 143671.06988589698, NULL, 2);
INSERT INTO public.prediction_20261129 VALUES ('houses', '01a225ae-846f-7145-8f93-96f57c7c2d76', 0, NULL, '2026-11-29 05:02:03.888483+00', '2026-11-29 05:02:03.894381+00', 2, 'tiny-houses', '1.0.0', '{"area": 197.2, "sold": 2009, "zone": "East", "agent": "Ada", "alley": null, "built": 1941, "rooms": 2, "garage": false, "frontage": 24.2}', '208745.04662412673', 208745.04662412673, NULL, 2);

INSERT INTO public.replay VALUES (1, 'houses', '2026-11-29 05:02:09.693553+00', 'ann@there', 'tiny-houses', '3.0.0', '15fcd4dbf8752f7b90d3ef41f7f322345b83763b9eb2b871773d8bd84167a46f', 1, '2026-11-28 05:02:09.115287+00', '2026-11-29 05:02:09.576027+00');

INSERT INTO public.reproduction VALUES (1, 'houses', '2026-11-29 05:02:04.543685+00', '2026-11-29 05:02:04.806012+00', '{"seed": 1883904650, "since": "2026-11-28T05:02:04.543685+00:00", "until": "2026-11-29T05:02:04.543685+00:00", "endpoint": "houses", "versions": [{"why": "the same engine and libraries: equal to the last bit", "name": "tiny-houses", "digest": "62b5b08b4f1342f345f6414c6ec9c23a5a5a4b5b126ae8f8b221c01f77854ea5", "engine": "compiled", "within": 0, "largest": 0.0, "missing": 0, "problem": null, "sampled": 16, "version": "1.0.0", "examples": [], "recorded": 16, "differing": 0, "identical": 16, "tolerance": 0.0}]}');

INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ae-842c-7fd3-a8ea-c3477d5b2100', 0, '2026-11-29 05:02:03.859201+00', 1, 'tiny-houses', '2.0.0', 'scored', '190459.27979176227', 190459.27979176227, NULL, NULL, '2026-11-29 05:02:04.046049+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ae-842d-7a0d-8200-d4d21de1ded6', 0, '2026-11-29 05:02:03.859201+00', 1, 'tiny-houses', '2.0.0', 'scored', '266235.7804328467', 266235.7804328467, NULL, NULL, '2026-11-29 05:02:04.046049+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ae-8434-7884-8f89-483931f21f46', 0, '2026-11-29 05:02:03.859201+00', 1, 'tiny-houses', '2.0.0', 'scored', '229798.61515931095', 229798.61515931095, NULL, NULL, '2026-11-29 05:02:04.046049+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ae-8434-7d49-9e9d-019169e9fea3', 0, '2026-11-29 05:02:03.859201+00', 1, 'tiny-houses', '2.0.0', 'scored', '154017.27828990988', 154017.27828990988, NULL, NULL, '2026-11-29 05:02:04.046049+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ae-844c-7796-b73d-50510e625449', 0, '2026-11-29 05:02:03.894381+00', 2, 'tiny-houses', '2.0.0', 'scored', '204124.0128667236', 204124.0128667236, NULL, NULL, '2026-11-29 05:02:04.145868+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ae-8467-72f9-b5f3-d4cea2af3124', 0, '2026-11-29 05:02:03.894381+00', 2, 'tiny-houses', '2.0.0', 'scored', '145331.33171726807', 145331.33171726807, NULL, NULL, '2026-11-29 05:02:04.145868+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ae-846f-7145-8f93-96f57c7c2d76', 0, '2026-11-29 05:02:03.894381+00', 2, 'tiny-houses', '2.0.0', 'scored', '216406.34142644', 216406.34142644, NULL, NULL, '2026-11-29 05:02:04.145868+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ae-842c-7fd3-a8ea-c3477d5b2100', 0, '2026-11-29 05:02:03.859201+00', 1, 'tiny-houses', '3.0.0', 'scored', '191744.77891714138', 191744.77891714138, NULL, NULL, '2026-11-29 05:02:10.124283+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ae-842d-7684-8af1-4242bf5a386e', 0, '2026-11-29 05:02:03.859201+00', 1, 'tiny-houses', '3.0.0', 'scored', '177312.35116949468', 177312.35116949468, NULL, NULL, '2026-11-29 05:02:10.124283+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ae-842d-7a0d-8200-d4d21de1ded6', 0, '2026-11-29 05:02:03.859201+00', 1, 'tiny-houses', '3.0.0', 'scored', '249624.998095309', 249624.998095309, NULL, NULL, '2026-11-29 05:02:10.124283+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ae-8433-7dd9-b73a-fc00100d92d0', 0, '2026-11-29 05:02:03.859201+00', 1, 'tiny-houses', '3.0.0', 'scored', '208701.1053748189', 208701.1053748189, NULL, NULL, '2026-11-29 05:02:10.124283+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ae-8434-7884-8f89-483931f21f46', 0, '2026-11-29 05:02:03.859201+00', 1, 'tiny-houses', '3.0.0', 'scored', '230606.55879261193', 230606.55879261193, NULL, NULL, '2026-11-29 05:02:10.124283+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ae-8434-7adf-909f-e35e4ed0a9e3', 0, '2026-11-29 05:02:03.859201+00', 1, 'tiny-houses', '3.0.0', 'scored', '232103.17392355634', 232103.17392355634, NULL, NULL, '2026-11-29 05:02:10.124283+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ae-8434-7d49-9e9d-019169e9fea3', 0, '2026-11-29 05:02:03.859201+00', 1, 'tiny-houses', '3.0.0', 'scored', '171510.01098785503', 171510.01098785503, NULL, NULL, '2026-11-29 05:02:10.124283+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ae-8434-7e86-97bb-af4910771d15', 0, '2026-11-29 05:02:03.859201+00', 1, 'tiny-houses', '3.0.0', 'scored', '252771.7328966644', 252771.7328966644, NULL, NULL, '2026-11-29 05:02:10.124283+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ae-843d-787e-a902-5441e24d8feb', 0, '2026-11-29 05:02:03.859201+00', 1, 'tiny-houses', '3.0.0', 'scored', '208124.39926421782', 208124.39926421782, NULL, NULL, '2026-11-29 05:02:10.124283+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ae-844c-7796-b73d-50510e625449', 0, '2026-11-29 05:02:03.894381+00', 2, 'tiny-houses', '3.0.0', 'scored', '209293.85269940912', 209293.85269940912, NULL, NULL, '2026-11-29 05:02:10.148133+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ae-8455-7f20-b7d4-462605ae97f4', 0, '2026-11-29 05:02:03.894381+00', 2, 'tiny-houses', '3.0.0', 'scored', '170030.175823187', 170030.175823187, NULL, NULL, '2026-11-29 05:02:10.148133+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ae-845e-7e45-80a7-4f2c4fe4edf9', 0, '2026-11-29 05:02:03.894381+00', 2, 'tiny-houses', '3.0.0', 'scored', '154131.56462696032', 154131.56462696032, NULL, NULL, '2026-11-29 05:02:10.148133+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ae-8465-763d-a6a3-8b8c1050f54c', 0, '2026-11-29 05:02:03.894381+00', 2, 'tiny-houses', '3.0.0', 'scored', '209313.80177009501', 209313.80177009501, NULL, NULL, '2026-11-29 05:02:10.148133+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ae-8466-7fe6-ba22-7ba5c075152c', 0, '2026-11-29 05:02:03.894381+00', 2, 'tiny-houses', '3.0.0', 'scored', '143074.8121362161', 143074.8121362161, NULL, NULL, '2026-11-29 05:02:10.148133+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ae-8467-72f9-b5f3-d4cea2af3124', 0, '2026-11-29 05:02:03.894381+00', 2, 'tiny-houses', '3.0.0', 'scored', '143671.06988589698', 143671.06988589698, NULL, NULL, '2026-11-29 05:02:10.148133+00');
INSERT INTO public.shadow_prediction_20261129 VALUES ('houses', '01a225ae-846f-7145-8f93-96f57c7c2d76', 0, '2026-11-29 05:02:03.894381+00', 2, 'tiny-houses', '3.0.0', 'scored', '208745.04662412673', 208745.04662412673, NULL, NULL, '2026-11-29 05:02:10.148133+00');

INSERT INTO public.shadow_state VALUES ('houses', 'tiny-houses', '2.0.0', 'scoring', '', '2026-11-29 05:02:02.163399+00');

INSERT INTO public.shipment VALUES (1, 'houses', 'd7b8c53f-187f-4d9f-a6b3-4ef1513a613e', 1, 9, 9, '2026-11-29 05:02:03.859201+00');
INSERT INTO public.shipment VALUES (2, 'houses', 'd7b8c53f-187f-4d9f-a6b3-4ef1513a613e', 10, 16, 7, '2026-11-29 05:02:03.894381+00');

INSERT INTO public.spool VALUES ('d7b8c53f-187f-4d9f-a6b3-4ef1513a613e', 'houses', 'there', 16, 2, NULL, 0, true, '2026-11-29 05:01:43.703482+00', '2026-11-29 05:02:13.433424+00');

INSERT INTO public.work VALUES (1, 'houses', 'tiny-houses', '2.0.0', 1, '2026-11-29 05:02:03.859201+00', 0.5, 9, 'done', 'vm:14925:80910018', NULL, 1, 4, 5, 0, 0, '2026-11-29 05:02:03.857969+00', '2026-11-29 05:02:04.052711+00', 1, 1, false);
INSERT INTO public.work VALUES (2, 'houses', 'tiny-houses', '2.0.0', 2, '2026-11-29 05:02:03.894381+00', 0.5, 7, 'done', 'vm:14925:80910018', NULL, 1, 3, 4, 0, 0, '2026-11-29 05:02:03.89342+00', '2026-11-29 05:02:04.149481+00', 1, 1, false);
INSERT INTO public.work VALUES (3, 'houses', 'tiny-houses', '3.0.0', 1, '2026-11-29 05:02:03.859201+00', 1, 9, 'done', 'vm:14925:1979c75e', NULL, 1, 9, 0, 0, 0, '2026-11-29 05:02:09.709982+00', '2026-11-29 05:02:10.126679+00', NULL, NULL, true);
INSERT INTO public.work VALUES (4, 'houses', 'tiny-houses', '3.0.0', 2, '2026-11-29 05:02:03.894381+00', 1, 7, 'done', 'vm:14925:1979c75e', NULL, 1, 7, 0, 0, 0, '2026-11-29 05:02:09.709982+00', '2026-11-29 05:02:10.153779+00', NULL, NULL, true);

SELECT pg_catalog.setval('public.comparison_id_seq', 12, true);

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
