"""Figures of the README, measured on this machine: run as modules, print a table, assert nothing."""
