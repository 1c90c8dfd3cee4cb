"""
The model card: what a person should know of a model before using it.

`text` puts it together from one module per part, `drawing` adds the plots, and `page` shows the
card of an artefact as one HTML page.
"""

from .writing import write_card

__all__ = ["write_card"]
