"""
Make the Grafana dashboard from the list of its panels, `panels.yml`.

`python docker/grafana/make_dashboard.py` writes `dashboards/understudy.json`; a test holds the
committed file to the list.
"""

import json
import string
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
OUT = HERE / "dashboards" / "understudy.json"
DATASOURCE = {"type": "prometheus", "uid": "prometheus"}

_ENDPOINT = 'endpoint=~"$endpoint"'
_WIDE = 24
_HIGH = 8


def dashboard() -> dict[str, Any]:
    """Return the dashboard as Grafana imports it."""
    return {
        "uid": "understudy",
        "title": "Understudy",
        "tags": ["understudy"],
        "schemaVersion": 39,
        "editable": False,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "templating": {"list": [_endpoint_variable()]},
        "panels": _panels(yaml.safe_load((HERE / "panels.yml").read_text())),
    }


def render() -> str:
    """Return the content of the dashboard's file."""
    return json.dumps(dashboard(), indent=2) + "\n"


def _endpoint_variable() -> dict[str, Any]:
    values = "label_values(understudy_build_info, endpoint)"
    return {
        "name": "endpoint",
        "label": "Endpoint",
        "type": "query",
        "datasource": DATASOURCE,
        "definition": values,
        "query": {"query": values, "refId": "endpoint"},
        "refresh": 2,
        "includeAll": True,
        "multi": True,
        "allValue": ".+",
        "current": {"text": "All", "value": "$__all"},
    }


def _panels(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lay the panels out from left to right, and every row on a line of its own."""
    found: list[dict[str, Any]] = []
    y = 0
    for row in rows:
        place = {"x": 0, "y": y, "w": _WIDE, "h": 1}
        found.append({"type": "row", "title": row["row"], "gridPos": place, "collapsed": False})
        x, y = 0, y + 1
        for panel in row["panels"]:
            width = panel.get("width", 8)
            if x + width > _WIDE:
                x, y = 0, y + _HIGH
            found.append(_panel(panel, {"x": x, "y": y, "w": width, "h": _HIGH}))
            x += width
        y += _HIGH
    return [{"id": number, **panel} for number, panel in enumerate(found, start=1)]


def _panel(panel: dict[str, Any], place: dict[str, int]) -> dict[str, Any]:
    kind = panel.get("kind", "timeseries")
    is_range = kind == "timeseries"
    return {
        "type": kind,
        "title": panel["title"],
        "description": panel["about"],
        "datasource": DATASOURCE,
        "gridPos": place,
        "fieldConfig": {"defaults": {"unit": panel.get("unit", "short")}, "overrides": []},
        "options": {"textMode": "value_and_name"} if kind == "stat" else {},
        "targets": [
            {
                "refId": letter,
                "datasource": DATASOURCE,
                "expr": target["query"].replace("@", _ENDPOINT),
                "legendFormat": target.get("legend", "__auto"),
                "instant": not is_range,
                "range": is_range,
            }
            for letter, target in zip(string.ascii_uppercase, panel["queries"], strict=False)
        ],
    }


if __name__ == "__main__":
    OUT.write_text(render())
