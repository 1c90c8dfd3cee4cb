"""The API keys of an endpoint, as Postgres keeps them: made, listed, revoked, replaced."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, insert, or_, select, update

from understudy.errors import RecordUnknown
from understudy.keys import Key, KeyBook, Minted, mint
from understudy.log.audit import note
from understudy.log.schema import api_key


@dataclass(frozen=True, slots=True)
class KeyWish:
    """What a new key is to be called, to open and to be good for; `lasts` None means for ever."""

    name: str
    scopes: Collection[str]
    per_second: float | None = None
    lasts: timedelta | None = None


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One key of the record, as people see it."""

    id: str
    name: str
    scopes: tuple[str, ...]
    per_second: float | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None

    def is_good(self, now: datetime) -> bool:
        """Say whether it opens anything at that time."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now)


def create_key(connection: Connection, endpoint: str, wish: KeyWish, who: str, why: str) -> Minted:
    """Make a key; its text is in what is returned and nowhere else."""
    minted = mint()
    _insert(connection, endpoint, wish, minted)
    note(connection, endpoint, who, "create key", _subject(minted.id, wish.name), why, _told(wish))
    return minted


def rotate_key(
    connection: Connection, endpoint: str, key_id: str, overlap: timedelta, who: str, why: str
) -> Minted:
    """
    Make a key that opens what another does, which ends after `overlap`, at once if that is 0.

    Raises RecordUnknown if there is no such key, or if it has ended.
    """
    old = _living(connection, endpoint, key_id)
    lasts = None if old.expires_at is None else old.expires_at - old.created_at
    wish = KeyWish(old.name, old.scopes, old.per_second, lasts)
    minted = mint()
    _insert(connection, endpoint, wish, minted)
    end = func.least(func.now() + overlap, api_key.c.expires_at)
    ended = {"expires_at": end} if overlap else {"revoked_at": func.now()}
    connection.execute(update(api_key).where(api_key.c.id == key_id).values(**ended))
    details = {"replaced": key_id, "overlap_s": overlap.total_seconds()}
    note(connection, endpoint, who, "rotate key", _subject(minted.id, old.name), why, details)
    return minted


def revoke_key(connection: Connection, endpoint: str, key_id: str, who: str, why: str) -> KeyRow:
    """End a key now. Raises RecordUnknown if there is no such key, or if it has ended."""
    old = _living(connection, endpoint, key_id)
    connection.execute(update(api_key).where(api_key.c.id == key_id).values(revoked_at=func.now()))
    note(connection, endpoint, who, "revoke key", _subject(key_id, old.name), why)
    return old


def list_keys(connection: Connection, endpoint: str) -> list[KeyRow]:
    """Return every key that an endpoint ever had, the newest first."""
    columns = [api_key.c[name] for name in KeyRow.__dataclass_fields__]
    query = select(*columns).where(api_key.c.endpoint == endpoint)
    rows = connection.execute(query.order_by(api_key.c.created_at.desc(), api_key.c.id))
    return [_row(row) for row in rows]


def read_key_book(connection: Connection, endpoint: str) -> KeyBook:
    """Return the keys that open an endpoint now, and whether it asks for one."""
    expires_at = func.extract("epoch", api_key.c.expires_at)
    query = select(
        *(api_key.c[name] for name in ("id", "name", "digest", "scopes", "per_second")),
        expires_at.label("expires_at"),
        _is_good().label("is_good"),
    ).where(api_key.c.endpoint == endpoint)
    rows = connection.execute(query.order_by(api_key.c.id)).all()
    return KeyBook(bool(rows), tuple(_key(row) for row in rows if row.is_good))


def _insert(connection: Connection, endpoint: str, wish: KeyWish, minted: Minted) -> None:
    connection.execute(
        insert(api_key).values(
            id=minted.id,
            endpoint=endpoint,
            name=wish.name,
            digest=minted.digest,
            scopes=sorted(wish.scopes),
            per_second=wish.per_second,
            expires_at=None if wish.lasts is None else func.now() + wish.lasts,
        )
    )


def _living(connection: Connection, endpoint: str, key_id: str) -> KeyRow:
    columns = [api_key.c[name] for name in KeyRow.__dataclass_fields__]
    query = select(*columns).where(
        api_key.c.endpoint == endpoint, api_key.c.id == key_id, _is_good()
    )
    row = connection.execute(query.with_for_update()).one_or_none()
    if row is None:
        raise RecordUnknown(
            f"The endpoint {endpoint} has no key {key_id} that is good."
            " `understudy keys list --all` shows every key it ever had."
        )
    return _row(row)


def _is_good() -> ColumnElement[bool]:
    lasts = or_(api_key.c.expires_at.is_(None), api_key.c.expires_at > func.now())
    return and_(api_key.c.revoked_at.is_(None), lasts)


def _key(row: Any) -> Key:
    expires_at = None if row.expires_at is None else float(row.expires_at)
    scopes = frozenset(row.scopes)
    return Key(row.id, row.name, row.digest, scopes, row.per_second, expires_at)


def _row(row: Row[Any]) -> KeyRow:
    return KeyRow(**{**row._mapping, "scopes": tuple(row.scopes)})


def _subject(key_id: str, name: str) -> str:
    return f"{key_id} ({name})"


def _told(wish: KeyWish) -> dict[str, object]:
    lasts_s = None if wish.lasts is None else wish.lasts.total_seconds()
    return {"scopes": sorted(wish.scopes), "per_second": wish.per_second, "lasts_s": lasts_s}
