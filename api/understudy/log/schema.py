"""
The tables of the prediction log, as SQLAlchemy sees them.

`migrations/` makes them; a test proves that the two agree. `prediction` and `shadow_prediction` are
partitioned by day of `recorded_at`, which is Postgres' clock at shipping.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Double,
    ForeignKey,
    Identity,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import ARRAY, BOOLEAN, JSONB

metadata = MetaData()


def _moment(name: str, *, nullable: bool = False, **kwargs: object) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=nullable, **kwargs)  # type: ignore[arg-type]


# Who serves what: append-only, the present state is the fold of the rows in order of id.
deployment = Table(
    "deployment",
    metadata,
    Column("id", BigInteger, primary_key=True),
    Column("endpoint", Text, nullable=False),
    _moment("at", server_default=func.now()),
    Column("who", Text, nullable=False),
    Column("why", Text, nullable=False, server_default=""),
    Column("action", Text, nullable=False),  # live, shadow, withdraw, promote, rollback
    Column("name", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("digest", Text, nullable=False),  # of the artefact's manifest
    Column("share", Double, nullable=False, server_default="1"),  # of the traffic, for a shadow
    Column("keep_shadow", BOOLEAN, nullable=False, server_default="false"),
    Column("policy", JSONB),  # the comparison policy of a shadow; null means the defaults
    Column("waivers", JSONB),  # of the version's gates, as its manifest says; null: not recorded
)

# What is recorded of the fields of an endpoint's instances: append-only, the newest is in force.
# Numbered by the sequence of `deployment`: a prediction's `deployment_id` tells both.
capture_policy = Table(
    "capture_policy",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("endpoint", Text, nullable=False),
    _moment("at", server_default=func.now()),
    Column("who", Text, nullable=False),
    Column("why", Text, nullable=False, server_default=""),
    Column("policy", JSONB, nullable=False),
)

# One row per api worker that ever shipped something. `watermark` is the last sequence number that
# is in `prediction`; `deployment_id` is what the worker serves now, `problem` why not a later one.
spool = Table(
    "spool",
    metadata,
    Column("uuid", Uuid, primary_key=True),
    Column("endpoint", Text, nullable=False),
    Column("host", Text, nullable=False, server_default=""),
    Column("watermark", BigInteger, nullable=False, server_default="0"),
    Column("deployment_id", BigInteger),
    Column("problem", Text),
    Column(
        "lost", BigInteger, nullable=False, server_default="0"
    ),  # instances answered, not spooled
    Column("closed", BOOLEAN, nullable=False, server_default="false"),
    _moment("created_at", server_default=func.now()),
    _moment("seen_at", server_default=func.now()),
)

shipment = Table(
    "shipment",
    metadata,
    Column("id", BigInteger, primary_key=True),
    Column("endpoint", Text, nullable=False),
    Column("spool", Uuid, nullable=False),
    Column("first_seq", BigInteger, nullable=False),
    Column("last_seq", BigInteger, nullable=False),
    Column("instances", Integer, nullable=False),
    _moment("recorded_at"),
    Column("deployments", ARRAY(BigInteger)),  # that its predictions name; null: not written down
)

prediction = Table(
    "prediction",
    metadata,
    Column("endpoint", Text, nullable=False),
    Column("request_id", Uuid, nullable=False),
    Column("instance_no", Integer, nullable=False),
    Column("client_id", Text),  # the client's own X-Request-ID
    _moment("served_at"),
    _moment("recorded_at"),
    Column("shipment_id", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("instance", JSONB, nullable=False),
    Column("output", JSONB, nullable=False),  # as answered: a number, or label and probabilities
    Column("value", Double),  # the primary number: the output itself, or P(positive)
    Column("label", Text),  # classification only
    Column("deployment_id", BigInteger),  # whose generation answered; null: not recorded
    _moment("erased_at", nullable=True),  # then instance and answer are empty
    PrimaryKeyConstraint("request_id", "instance_no", "recorded_at"),
    postgresql_partition_by="RANGE (recorded_at)",
)

# One item per shipment and shadow version: leased, scored, closed.
work = Table(
    "work",
    metadata,
    Column("id", BigInteger, primary_key=True),
    Column("endpoint", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("shipment_id", BigInteger, nullable=False),
    _moment("recorded_at"),
    Column("share", Double, nullable=False, server_default="1"),
    Column("instances", Integer, nullable=False),
    Column("state", Text, nullable=False, server_default="waiting"),  # waiting, leased, done
    Column("claimed_by", Text),
    _moment("lease_until", nullable=True),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("scored", Integer, nullable=False, server_default="0"),
    Column("sampled_out", Integer, nullable=False, server_default="0"),
    Column("skipped", Integer, nullable=False, server_default="0"),
    Column("failed", Integer, nullable=False, server_default="0"),
    _moment("created_at", server_default=func.now()),
    _moment("done_at", nullable=True),
    Column("comparison_id", BigInteger),  # what it was folded into; null: not yet
    Column("fold", BigInteger),  # in the how manieth fold of that comparison
    # The version was not in the shadow when this was served: the item came by a replay.
    Column("replayed", BOOLEAN, nullable=False, server_default="false"),
    UniqueConstraint("shipment_id", "name", "version"),
)

# Who had recorded traffic scored by which content of a version; append-only.
replay = Table(
    "replay",
    metadata,
    Column("id", BigInteger, primary_key=True),
    Column("endpoint", Text, nullable=False),
    _moment("at", server_default=func.now()),
    Column("who", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("share", Double, nullable=False, server_default="1"),
    _moment("since"),
    _moment("until"),
)

# The watcher's own runs of `reproduce`; without a report one is under way, or was cut short.
reproduction = Table(
    "reproduction",
    metadata,
    Column("id", BigInteger, primary_key=True),
    Column("endpoint", Text, nullable=False),
    _moment("started_at", server_default=func.now()),
    _moment("finished_at", nullable=True),
    Column("report", JSONB),
)

# One row per instance in the sample; sampled-out instances are counted in `work` only.
shadow_prediction = Table(
    "shadow_prediction",
    metadata,
    Column("endpoint", Text, nullable=False),
    Column("request_id", Uuid, nullable=False),
    Column("instance_no", Integer, nullable=False),
    _moment("recorded_at"),  # of the live prediction, so that the pair lies in equal partitions
    Column("shipment_id", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("status", Text, nullable=False),  # scored, skipped, failed
    Column("output", JSONB),
    Column("value", Double),
    Column("label", Text),
    Column("error", Text),
    _moment("scored_at", server_default=func.now()),
    PrimaryKeyConstraint("request_id", "instance_no", "name", "version", "recorded_at"),
    postgresql_partition_by="RANGE (recorded_at)",
)

# How a shadow version fares, for people and dashboards: scoring, broken, failing.
shadow_state = Table(
    "shadow_state",
    metadata,
    Column("endpoint", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("version", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("detail", Text, nullable=False, server_default=""),
    _moment("since", server_default=func.now()),
)

# The true values; every revision is kept, the highest revision counts.
outcome = Table(
    "outcome",
    metadata,
    Column("id", BigInteger, primary_key=True),
    Column("endpoint", Text, nullable=False),
    Column("request_id", Uuid, nullable=False),
    Column("instance_no", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("value", JSONB, nullable=False),  # a number or a label
    _moment("received_at", server_default=func.now()),
    UniqueConstraint("request_id", "instance_no", "revision"),
)

# One live and one shadow version under one policy, from the deployment that began it on. `state` is
# what was folded in so far, summed up; `verdict` the newest one.
comparison = Table(
    "comparison",
    metadata,
    Column("id", BigInteger, primary_key=True),
    Column("endpoint", Text, nullable=False),
    Column("deployment_id", BigInteger, nullable=False),
    Column("live_name", Text, nullable=False),
    Column("live_version", Text, nullable=False),
    Column("live_digest", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("policy", JSONB, nullable=False),  # with its defaults filled, as they were at the start
    Column("policy_digest", Text, nullable=False),  # of the policy as it was given
    Column("shadows", Integer, nullable=False, server_default="1"),  # compared at once at the start
    _moment("started_at"),
    _moment("ended_at", nullable=True),
    Column("folds", BigInteger, nullable=False, server_default="0"),
    Column("state", LargeBinary),
    Column("verdict", JSONB),
    _moment("judged_at", nullable=True),
    UniqueConstraint("endpoint", "deployment_id", "name", "version"),
)

# What one check found at one look: written once, never changed.
look = Table(
    "look",
    metadata,
    Column("comparison_id", BigInteger, ForeignKey("comparison.id"), primary_key=True),
    Column("family", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("finding", Text, primary_key=True),
    Column("units", BigInteger, nullable=False),
    Column("content", JSONB, nullable=False),
    Column("last_outcome", BigInteger),  # the newest that it knew: of outcomes, or by a field
    Column("folds", BigInteger),  # how many there were then, likewise
    _moment("at", server_default=func.now()),
)

# Pairs on which a shadow must not be judged though they lie after its training: it has seen them.
excluded_pair = Table(
    "excluded_pair",
    metadata,
    Column("comparison_id", BigInteger, ForeignKey("comparison.id"), primary_key=True),
    Column("request_id", Uuid, primary_key=True),
    Column("instance_no", Integer, primary_key=True),
    Column("reason", Text, nullable=False),
)

# Whole days of a live version's traffic, tested for drift once: written once, never changed.
drift_window = Table(
    "drift_window",
    metadata,
    Column("endpoint", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("version", Text, primary_key=True),
    Column("digest", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    _moment("since"),
    _moment("until"),
    Column("units", BigInteger, nullable=False),
    Column("content", JSONB, nullable=False),  # what was found
    Column("tallies", LargeBinary, nullable=False),  # the rows as counts, for a week later
    _moment("at", server_default=func.now()),
    UniqueConstraint("endpoint", "name", "version", "digest", "since"),
)

# What Postgres or the reader of a spool refused, kept for a person to look at.
quarantine = Table(
    "quarantine",
    metadata,
    Column("id", BigInteger, primary_key=True),
    Column("endpoint", Text, nullable=False),
    Column("spool", Uuid, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("request_id", Uuid),
    Column("payload", LargeBinary, nullable=False),
    Column("error", Text, nullable=False),
    _moment("at", server_default=func.now()),
)

# The contents of these requests were removed everywhere; one that is not found yet will be removed
# when it is shipped.
erasure = Table(
    "erasure",
    metadata,
    Column("endpoint", Text, primary_key=True),
    Column("request_id", Uuid, primary_key=True),
    _moment("at", server_default=func.now()),
    Column("who", Text, nullable=False),
    Column("why", Text, nullable=False, server_default=""),
    Column("shipment_id", BigInteger),
    Column("is_found", BOOLEAN, nullable=False),
)

# Of a key only its digest is kept. A row stays when its key has ended: from the first one on, the
# endpoint asks for keys.
api_key = Table(
    "api_key",
    metadata,
    Column("id", Text, primary_key=True),
    Column("endpoint", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("scopes", ARRAY(Text), nullable=False),
    Column("per_second", Double),  # requests; null: any number
    _moment("created_at", server_default=func.now()),
    _moment("expires_at", nullable=True),
    _moment("revoked_at", nullable=True),
)

# Acts that have no table of their own; those of `deployment` and `replay` are read beside them.
audit = Table(
    "audit",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("endpoint", Text, nullable=False),
    _moment("at", server_default=func.now()),
    Column("who", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("why", Text, nullable=False, server_default=""),
    Column("details", JSONB, nullable=False, server_default="{}"),
)
