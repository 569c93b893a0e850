"""PyTorch makes the stored arrays again: the file by which the library is judged says what PyTorch says today."""

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))
import reference


def test_the_stored_arrays_are_those_of_a_new_run() -> None:
    arrays = reference.made()
    with np.load(reference.FILE, allow_pickle=False) as stored:
        assert set(stored.files) == set(arrays)
        for name, array in arrays.items():
            assert stored[name].dtype == array.dtype, name
            np.testing.assert_allclose(stored[name], array, rtol=0, atol=1e-12, err_msg=name)


def test_the_script_writes_that_file(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(reference, "FILE", tmp_path / "arrays.npz")
    monkeypatch.setattr(reference, "made", lambda: {"one": np.ones(2)})
    reference.main()
    assert "arrays.npz: 1 arrays of PyTorch 2." in capsys.readouterr().out
    assert np.load(tmp_path / "arrays.npz")["one"].tolist() == [1, 1]
