import os
import signal

from pulse.cli.stack.guardian import read_orders


def test_guardian_keeps_what_is_registered_and_not_forgotten() -> None:
    mine = os.getpid()
    orders = [f"watch 0 {mine} 2 1.5\n", f"watch 1 {mine} 15 10\n", "forget 1\n"]
    (watched,) = read_orders(orders).items()
    place, (process, stop_signal, timeout_s) = watched
    assert (place, process.pid, stop_signal, timeout_s) == (0, mine, signal.SIGINT, 1.5)


def test_restarted_child_takes_the_place_of_its_predecessor() -> None:
    mine, parent = os.getpid(), os.getppid()
    orders = [f"watch 0 {mine} 2 1\n", f"watch 1 {mine} 2 1\n", f"watch 0 {parent} 15 1\n"]
    assert {place: entry[0].pid for place, entry in read_orders(orders).items()} == {
        0: parent,
        1: mine,
    }


def test_process_that_is_gone_already_is_not_watched() -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    assert read_orders([f"watch 0 {child} 15 1\n"]) == {}
