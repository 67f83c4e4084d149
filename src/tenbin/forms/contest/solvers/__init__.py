"""One method, one file: Tullock contests, attrition, arms races, alliances."""
