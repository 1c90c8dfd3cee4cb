"""Sale prices of houses in Ames, Iowa: the boosted trees of the distribution `house-prices`."""

from ames_linear import arguments


def train():
    """Return what package_model is called with."""
    return arguments("boosting")
