"""The two things that write an index: build and delete."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from qa.build.components import Components
from qa.build.report import BuildReport, DeleteReceipt
from qa.build.run import Run
from qa.errors import IndexCorruptError, IndexFolderError, IndexFormatError, IndexIncompleteError, IndexMissingError
from qa.korean import Analyser
from qa.readers import find_sources
from qa.store import FORMAT, IndexFolder, Store, identity_of, writing_generation


class Builder(Components):
    """Builds indexes with its components."""

    __slots__ = ()

    def build(self, paths: Sequence[Path], folder: Path, *, keep_missing: bool = False) -> BuildReport:
        """Bring the index in `folder` up to what stands in `paths` (files, or folders that are looked through).

        A file whose bytes and metadata have not changed is neither parsed nor embedded again, unless the index was
        made with another identity, in an older format, or is damaged: then every file is. Documents whose file is
        not among the paths are removed unless `keep_missing`. A file that fails is named in the report; its version
        in the index, if any, stays. When nothing changed, nothing is written.

        Raises SourceError when a path is not there or every file fails, IndexLockedError while another process
        writes, IndexWriteError when the disk refuses, IndexForeignError, IndexFormatError for an index of a newer
        version; with `keep_missing` also what is wrong with the index. After any error it is what it was before.
        """
        inside = folder.resolve()
        files = [file for file in find_sources(paths) if not file.path.resolve().is_relative_to(inside)]
        place = IndexFolder(folder)
        with place.writing():
            old, rebuilt = _previous(folder, needed=keep_missing)
            try:
                return Run(self, place, old).build(files, keep_missing=keep_missing, rebuilt=rebuilt)
            finally:
                if old is not None:
                    old.close()


def delete(document_ids: Sequence[str], folder: Path, *, analyser: Analyser | None = None) -> DeleteReceipt:
    """Remove documents from every leg of the index in `folder`, in a new generation.

    The generation before, which still holds them, stays on the disk until the next but one is written. A build over
    a path where the file still stands puts a document back. The glossary is mined anew from what remains: an
    `analyser` that is loaded already saves two seconds. Raises NotFoundError (and deletes nothing) when one of them
    is not there, and the errors of `Store.open` and `IndexFolder.writing`.
    """
    place = IndexFolder(folder)
    place.current()
    with place.writing(), Store.open(folder) as old:
        for document_id in document_ids:
            old.document(document_id)
        base, identity = old.manifest.generation, identity_of(old.manifest)
        with writing_generation(place, base, identity, analyser or Analyser()) as writer:
            for document_id in document_ids:
                writer.delete(document_id)
        with Store.open(folder) as new:
            return DeleteReceipt(
                documents=tuple(document_ids),
                generation=new.manifest.generation,
                passages=old.counts["passages"] - new.counts["passages"],
                postings=len(old.lexical) - len(new.lexical),
                vectors=len(old.vectors or ()) - len(new.vectors or ()),
            )


def _previous(folder: Path, *, needed: bool) -> tuple[Store | None, IndexFolderError | None]:
    """The index as it is; or None, and what is wrong with it, where it must be built from nothing."""
    try:
        return Store.open(folder), None
    except IndexMissingError:
        return None, None
    except (IndexIncompleteError, IndexCorruptError, IndexFormatError) as error:
        newer = isinstance(error, IndexFormatError) and int(error.subject) > FORMAT
        if needed or newer:
            raise
        return None, error
