"""API keys in the record: made, replaced, ended, and every act of it told."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from understudy.errors import RecordUnknown
from understudy.keys import Key, KeyBook, digest_of
from understudy.log.audit import read_audit
from understudy.log.deployments import Change, append
from understudy.log.keys import (
    KeyWish,
    create_key,
    list_keys,
    read_key_book,
    revoke_key,
    rotate_key,
)

SHOP = KeyWish("shop", {"read", "predict"}, per_second=20)
DAY = timedelta(days=1)


def book(engine: Engine, endpoint: str = "e") -> KeyBook:
    """Return the keys that are good now."""
    with engine.begin() as connection:
        return read_key_book(connection, endpoint)


def test_a_key_opens_its_endpoint_and_is_kept_nowhere(database: Engine) -> None:
    """What is stored of it is a digest; another endpoint goes on asking nobody."""
    with database.begin() as connection:
        minted = create_key(connection, "e", SHOP, "ann@here", "the new shop")
    scopes = frozenset({"predict", "read"})
    key = Key(minted.id, "shop", digest_of(minted.text), scopes, 20)
    assert book(database) == KeyBook(asks=True, keys=(key,))
    assert book(database, "other") == KeyBook(asks=False)
    with database.connect() as connection:
        kept = "SELECT api_key::text FROM api_key UNION ALL SELECT audit::text FROM audit"
        stored = connection.execute(text(kept)).scalars().all()
    assert len(stored) == 2
    assert not any(minted.text in row for row in stored)


def test_a_revoked_key_is_good_no_more_and_stays_in_the_list(database: Engine) -> None:
    """An endpoint that has had a key goes on asking for one."""
    with database.begin() as connection:
        minted = create_key(connection, "e", SHOP, "ann", "")
        revoke_key(connection, "e", minted.id, "bob", "it was in a mail")
    assert book(database) == KeyBook(asks=True)
    with database.begin() as connection:
        (row,) = list_keys(connection, "e")
        assert row.revoked_at is not None
        assert not row.is_good(row.revoked_at)
        for act in (
            lambda: revoke_key(connection, "e", minted.id, "bob", ""),
            lambda: rotate_key(connection, "e", minted.id, DAY, "bob", ""),
            lambda: revoke_key(connection, "other", minted.id, "bob", ""),
        ):
            with pytest.raises(RecordUnknown, match=f"no key {minted.id} that is good"):
                act()


def test_a_new_key_takes_the_place_of_another(database: Engine) -> None:
    """At once, or with some time in which both are good."""
    with database.begin() as connection:
        first = create_key(connection, "e", SHOP, "ann", "")
        second = rotate_key(connection, "e", first.id, timedelta(), "ann", "every spring")
    (key,) = book(database).keys
    assert (key.id, key.name, key.per_second) == (second.id, "shop", 20)
    with database.begin() as connection:
        third = rotate_key(connection, "e", second.id, DAY, "ann", "")
    found = {key.id: key.expires_at for key in book(database).keys}
    assert found.keys() == {second.id, third.id}
    assert found[third.id] is None
    assert found[second.id] is not None


def test_a_key_that_ends_is_replaced_by_one_that_lasts_as_long(database: Engine) -> None:
    """The overlap makes no key last longer than it would have."""
    with database.begin() as connection:
        first = create_key(connection, "e", KeyWish("ann", {"deploy"}, lasts=DAY), "ann", "")
    with database.begin() as connection:
        second = rotate_key(connection, "e", first.id, 9 * DAY, "ann", "")
        rows = {row.id: row for row in list_keys(connection, "e")}
    old, new = rows[first.id], rows[second.id]
    assert old.expires_at == old.created_at + DAY
    assert new.expires_at == new.created_at + DAY
    assert not old.is_good(old.created_at + DAY)
    assert old.is_good(old.created_at)


def test_who_did_what_is_told_newest_first(database: Engine) -> None:
    """Keys and deployments in one list, each with its reason; another endpoint has its own."""
    with database.begin() as connection:
        minted = create_key(connection, "e", SHOP, "ann", "the new shop")
        create_key(connection, "other", SHOP, "eve", "")
    with database.begin() as connection:
        append(connection, "e", Change("live", "bob", "m", "1", "digest", "the first one"))
    with database.begin() as connection:
        revoke_key(connection, "e", minted.id, "cleo", "lost")
        found = read_audit(connection, "e")
    assert [(act.who, act.action, act.subject, act.why) for act in found] == [
        ("cleo", "revoke key", f"{minted.id} (shop)", "lost"),
        ("bob", "live", "m:1", "the first one"),
        ("ann", "create key", f"{minted.id} (shop)", "the new shop"),
    ]
    assert found[2].details == {"scopes": ["predict", "read"], "per_second": 20, "lasts_s": None}
    with database.begin() as connection:
        later: datetime = found[1].at
        assert len(read_audit(connection, "e", since=later)) == 2
        assert len(read_audit(connection, "e", limit=1)) == 1
