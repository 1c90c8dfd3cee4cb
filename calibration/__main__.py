"""`python -m calibration`."""

from calibration.command import main

if __name__ == "__main__":
    main()
