"""Runs the command line as `python -m house_prices`."""

from house_prices.cli import main

if __name__ == "__main__":
    main()
