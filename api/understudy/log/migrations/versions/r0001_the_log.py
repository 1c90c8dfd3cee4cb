"""the prediction log"""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE deployment (
    id bigserial PRIMARY KEY,
    endpoint text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    who text NOT NULL,
    why text NOT NULL DEFAULT '',
    action text NOT NULL
        CHECK (action IN ('live', 'shadow', 'withdraw', 'promote', 'rollback')),
    name text NOT NULL,
    version text NOT NULL,
    digest text NOT NULL,
    share double precision NOT NULL DEFAULT 1 CHECK (share > 0 AND share <= 1),
    keep_shadow boolean NOT NULL DEFAULT false,
    policy jsonb
);
CREATE INDEX deployment_of_endpoint ON deployment (endpoint, id);

CREATE TABLE spool (
    uuid uuid PRIMARY KEY,
    endpoint text NOT NULL,
    host text NOT NULL DEFAULT '',
    watermark bigint NOT NULL DEFAULT 0 CHECK (watermark >= 0),
    deployment_id bigint,
    problem text,
    lost bigint NOT NULL DEFAULT 0 CHECK (lost >= 0),
    closed boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    seen_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX spool_of_endpoint ON spool (endpoint);

CREATE TABLE shipment (
    id bigserial PRIMARY KEY,
    endpoint text NOT NULL,
    spool uuid NOT NULL,
    first_seq bigint NOT NULL,
    last_seq bigint NOT NULL CHECK (last_seq >= first_seq),
    instances integer NOT NULL CHECK (instances > 0),
    recorded_at timestamptz NOT NULL
);
CREATE INDEX shipment_of_endpoint ON shipment (endpoint, recorded_at);

CREATE TABLE prediction (
    endpoint text NOT NULL,
    request_id uuid NOT NULL,
    instance_no integer NOT NULL,
    client_id text,
    served_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    shipment_id bigint NOT NULL,
    name text NOT NULL,
    version text NOT NULL,
    instance jsonb NOT NULL,
    output jsonb NOT NULL,
    value double precision,
    label text,
    PRIMARY KEY (request_id, instance_no, recorded_at)
) PARTITION BY RANGE (recorded_at);
CREATE INDEX prediction_of_shipment ON prediction (shipment_id);
CREATE INDEX prediction_of_version ON prediction (endpoint, name, version, recorded_at);
-- A B-tree refuses texts over 2.7 kB, and a client may send any: its beginning finds the row.
CREATE INDEX prediction_of_client ON prediction (endpoint, left(client_id, 100))
    WHERE client_id IS NOT NULL;

CREATE TABLE work (
    id bigserial PRIMARY KEY,
    endpoint text NOT NULL,
    name text NOT NULL,
    version text NOT NULL,
    shipment_id bigint NOT NULL,
    recorded_at timestamptz NOT NULL,
    share double precision NOT NULL DEFAULT 1 CHECK (share > 0 AND share <= 1),
    instances integer NOT NULL CHECK (instances > 0),
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'leased', 'done')),
    claimed_by text,
    lease_until timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    scored integer NOT NULL DEFAULT 0,
    sampled_out integer NOT NULL DEFAULT 0,
    skipped integer NOT NULL DEFAULT 0,
    failed integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    done_at timestamptz,
    UNIQUE (shipment_id, name, version),
    CHECK (state <> 'leased' OR (claimed_by IS NOT NULL AND lease_until IS NOT NULL)),
    CHECK (state <> 'done' OR scored + sampled_out + skipped + failed = instances)
);
CREATE INDEX work_open ON work (endpoint, name, version, id) WHERE state <> 'done';
CREATE INDEX work_of_version ON work (endpoint, name, version, recorded_at);

CREATE TABLE shadow_prediction (
    endpoint text NOT NULL,
    request_id uuid NOT NULL,
    instance_no integer NOT NULL,
    recorded_at timestamptz NOT NULL,
    shipment_id bigint NOT NULL,
    name text NOT NULL,
    version text NOT NULL,
    status text NOT NULL CHECK (status IN ('scored', 'skipped', 'failed')),
    output jsonb,
    value double precision,
    label text,
    error text,
    scored_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (request_id, instance_no, name, version, recorded_at),
    CHECK (status <> 'scored' OR output IS NOT NULL)
) PARTITION BY RANGE (recorded_at);
CREATE INDEX shadow_prediction_of_version
    ON shadow_prediction (endpoint, name, version, recorded_at);
CREATE INDEX shadow_prediction_of_shipment ON shadow_prediction (shipment_id);

CREATE TABLE shadow_state (
    endpoint text NOT NULL,
    name text NOT NULL,
    version text NOT NULL,
    state text NOT NULL CHECK (state IN ('scoring', 'broken', 'failing')),
    detail text NOT NULL DEFAULT '',
    since timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (endpoint, name, version)
);

CREATE TABLE outcome (
    id bigserial PRIMARY KEY,
    endpoint text NOT NULL,
    request_id uuid NOT NULL,
    instance_no integer NOT NULL,
    revision integer NOT NULL CHECK (revision > 0),
    value jsonb NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (request_id, instance_no, revision)
);
CREATE INDEX outcome_of_endpoint ON outcome (endpoint, received_at);

CREATE TABLE quarantine (
    id bigserial PRIMARY KEY,
    endpoint text NOT NULL,
    spool uuid NOT NULL,
    seq bigint NOT NULL,
    request_id uuid,
    payload bytea NOT NULL,
    error text NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX quarantine_of_endpoint ON quarantine (endpoint, at);
"""


def upgrade() -> None:
    """Make every table from nothing."""
    op.execute(_TABLES)
