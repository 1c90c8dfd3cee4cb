"""
Two models of house prices in Ames, Iowa, and everything needed to train them again.

    config.yaml, config   what the columns are, who uses which, and the settings of both models
    data                  sales from a CSV file with either header, and their split by time
    synthetic, market     a made-up market with the same columns, for want of the real file
    features              derived columns, described as data
    pipeline              the two scikit-learn pipelines
    quiz                  houses whose price is known well enough to fail a broken model
    train                 training, measuring and packaging
    cli                   the command line
"""

__version__ = "0.1.0"
