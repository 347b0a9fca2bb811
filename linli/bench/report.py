"""Figures as a person reads them."""

from typing import Any


def line(row: dict[str, Any]) -> str:
    """One page's figures in two lines."""
    floor = row["floor"]
    durable = f", flush {row['flush_ms']} ms, locked {row['locked']}" if "flush_ms" in row else ""
    size = (
        f"{row['bytes']:,} bytes ({row['bytes_gzip']:,} gzip), first visit {row['requests']} requests "
        f"with {row['weight_gzip']:,} bytes, "
        if "bytes" in row
        else ""
    )
    return (
        f"{row['name']} ({row['who']}), {row['rows']:,} rows, {row['engine']}, "
        f"{row['connections']} connections:\n"
        f"  {row['rps']:,.0f} requests/s, p50 {row['p50_ms']} ms, p99 {row['p99_ms']} ms, "
        f"{row['cpu_ms']} CPU-ms, {row['sql']} SQL (first {row['sql_first']}), {size}"
        f"load {row['load']}{durable}\n"
        f"  floor {floor['rps']:,.0f}/s, p99 {floor['p99_ms']} ms, {floor['cpu_ms']} CPU-ms; "
        f"ratio {row['rps_to_floor']} by rate, {row['cpu_to_floor']} by CPU"
    )


def growth(row: dict[str, Any]) -> str:
    """How a page's cost grows, in two lines."""
    small, large = row["small"], row["large"]
    return (
        f"{row['name']} ({row['who']}), {row['rows'][0]:,} to {row['rows'][1]:,} rows, "
        f"{row['engine']}: {row['cpu_growth']} times the CPU, {row['p50_growth']} times the p50\n"
        f"  {small['cpu_ms']} to {large['cpu_ms']} CPU-ms, p50 {small['p50_ms']} to "
        f"{large['p50_ms']} ms, p99 {small['p99_ms']} to {large['p99_ms']} ms, load {row['load']}"
    )


def plain(row: dict[str, Any]) -> str:
    """Any other row: its name, then each figure with its name."""
    rest = ", ".join(
        f"{key.replace('_', ' ')} {value}" for key, value in row.items() if key != "name"
    )
    return f"{row['name']}: {rest}"
