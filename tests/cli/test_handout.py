"""`ceasefire handout`: a folder of sheets, never written over something else."""

FLAGSHIP = "kursk-2025-03-13"


def test_the_sheets_are_written_and_carry_the_command(ceasefire, tmp_path):
    folder = tmp_path / "sheets"
    words = ("handout", FLAGSHIP, "--set", "aid.level=0.5", "--replicate", "3")
    reply = ceasefire(*words, "--out", folder)
    assert (reply.code, reply.out) == (0, "")
    assert "not a forecast" in reply.err
    there = sorted(file.name for file in folder.iterdir())
    page = (folder / "chair.html").read_text("utf-8")
    assert len(there) == 6
    command = f"{FLAGSHIP} --set aid.level=0.5 --hot-seat --seed 1 --replicate 3"
    assert command in page
    assert ceasefire(*words, "--out", folder).code == 2
    assert ceasefire(*words, "--out", folder, "--force").code == 0
