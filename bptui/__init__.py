"""bptui watches the jobs of Spectra Logic BlackPearl appliances live in a terminal, and closes aggregating ones."""

__version__ = "0.1.0"
