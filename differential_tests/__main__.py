"""`python -m differential_tests`."""

from differential_tests.command import main

if __name__ == "__main__":
    main()
