"""Tests of telling by mail and webhook."""
