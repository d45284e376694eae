from concurrent.futures import ThreadPoolExecutor

from federation.store.compress import expand, squeeze


def test_threads_do_not_get_each_others_bytes() -> None:
    texts = [f"<record>{number} {'Quảng Ngãi ' * (number % 400)}</record>".encode() for number in range(4000)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda text: expand(squeeze(text)), texts)) == texts
