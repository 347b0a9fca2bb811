"""Linli 邻里: the open engine for neighbourhood governance."""

__version__ = "0.1.0"
