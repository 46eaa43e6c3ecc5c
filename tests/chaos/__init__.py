"""The chaos run: workers and brokers die at random while articles go through, and nothing may be lost."""
