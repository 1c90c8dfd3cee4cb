"""
The course's design: the request writes to the database and starts a thread for the shadow.

Two tables without a shared key, one commit per answer, a thread per request that scores the shadow
and commits its answer as well.
"""

import os
import threading
from typing import Any

from flask import Flask, Response, jsonify, request
from sqlalchemy import JSON, DateTime, Integer, String, create_engine, func
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, sessionmaker

from benchmarks.serving.apps.pipeline import MODEL, load, predict

_SHADOW = {"linear": "boosting", "boosting": "linear"}[MODEL]
_live, _shadow = load(MODEL), load(_SHADOW)
_engine = create_engine(os.environ["BENCHMARK_DATABASE"], pool_size=20, max_overflow=5)
_session = sessionmaker(_engine)


class _Base(DeclarativeBase):
    pass


class _Record:
    """What both tables hold."""

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    user_id: Mapped[str] = mapped_column(String(36))
    datetime_captured: Mapped[Any] = mapped_column(
        DateTime(timezone=True), server_default=func.now(), index=True
    )
    model_version: Mapped[str] = mapped_column(String(36))
    inputs: Mapped[Any] = mapped_column(JSON)
    outputs: Mapped[Any] = mapped_column(JSON)


class LivePrediction(_Record, _Base):
    """What the live model answered."""

    __tablename__ = "live_predictions"


class ShadowPrediction(_Record, _Base):
    """What the shadow would have answered."""

    __tablename__ = "shadow_predictions"


app = Flask(__name__)


def make_tables() -> None:
    """Make both tables, once, before the workers start."""
    _Base.metadata.create_all(_engine)
    _engine.dispose()


@app.post("/predict")
def answer() -> Response:
    """Return one price for each instance, after it is recorded."""
    instances = request.get_json()["instances"]
    threading.Thread(target=_score_shadow, args=(instances,)).start()
    prices = predict(_live, instances)
    _keep(LivePrediction(user_id="007", model_version=MODEL, inputs=instances, outputs=prices))
    return jsonify(predictions=prices)


def _score_shadow(instances: list[dict[str, Any]]) -> None:
    prices = predict(_shadow, instances)
    _keep(ShadowPrediction(user_id="007", model_version=_SHADOW, inputs=instances, outputs=prices))


def _keep(record: LivePrediction | ShadowPrediction) -> None:
    with _session() as session:
        session.add(record)
        session.commit()
