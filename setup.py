"""The metadata is in setup.cfg; this file only takes templates/, which lies beside the package, into the wheel."""

from setuptools import find_packages, setup

setup(
    packages=[*find_packages(include=["reporter", "reporter.*"]), "reporter.templates"],
    package_dir={"reporter.templates": "templates"},
)
