import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))  # `bench` is a folder of the checkout, not of the package
