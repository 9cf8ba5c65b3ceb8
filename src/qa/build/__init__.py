"""The write path: files to a new generation of an index, with only what changed read and embedded again."""

from __future__ import annotations

from qa.build.builder import Builder, delete
from qa.build.report import BuildReport, DeleteReceipt, FileReport, FileStatus

__all__ = ["BuildReport", "Builder", "DeleteReceipt", "FileReport", "FileStatus", "delete"]
