"""The loops of a customizable contraction hierarchy (Dibbelt, Strasser and Wagner 2016).

Nodes are numbered by rank. Arc ``e`` of node ``v`` leads up to ``head[e]``; ``up[e]`` is the time
from v to it, ``down[e]`` the time back. The sweep is PHAST (Delling and others 2013), and RPHAST
when only some nodes are wanted. Everything here works as plain Python too, only slowly.
"""

import numpy as np

from linli.reach.compiled import kernel

NEVER = 1 << 29  # a time nobody takes; the sum of two still fits 32 bits


@kernel
def eliminate(start, head, guess):  # type: ignore[no-untyped-def]
    """Arcs upward after every node in turn has been taken out and its neighbours joined.

    The rows come as they were found; the caller sorts them.
    """
    n = len(start) - 1
    up_start, up_head = np.zeros(n + 1, np.int32), np.empty(guess, np.int32)
    mark, row = np.full(n, -1, np.int32), np.empty(n, np.int32)
    child, sibling = np.full(n, -1, np.int32), np.full(n, -1, np.int32)
    size = 0
    for v in range(n):
        count = 0
        for e in range(start[v], start[v + 1]):
            x = head[e]
            if x > v and mark[x] != v:
                mark[x] = v
                row[count] = x
                count += 1
        c = child[v]
        while c >= 0:
            for e in range(up_start[c], up_start[c + 1]):
                x = up_head[e]
                if x > v and mark[x] != v:
                    mark[x] = v
                    row[count] = x
                    count += 1
            c = sibling[c]
        if size + count > len(up_head):
            larger = np.empty(2 * len(up_head) + count, np.int32)
            larger[:size] = up_head[:size]
            up_head = larger
        parent = n
        for k in range(count):
            up_head[size + k] = row[k]
            parent = min(parent, row[k])
        size += count
        up_start[v + 1] = size
        if count:
            sibling[v] = child[parent]
            child[parent] = v
    return up_start, up_head[:size].copy()


@kernel
def place(start, head, source, target, time, up, down):  # type: ignore[no-untyped-def]
    """Put the times of the network's arcs (in ranks) where they belong."""
    for k in range(len(source)):
        low, high = min(source[k], target[k]), max(source[k], target[k])
        e, last = start[low], start[low + 1]
        while e < last - 1:  # the row is sorted: halve it
            middle = (e + last) // 2
            if head[middle] <= high:
                e = middle
            else:
                last = middle
        if source[k] < target[k]:
            up[e] = min(up[e], time[k])
        else:
            down[e] = min(down[e], time[k])


@kernel
def customise(start, head, up, down):  # type: ignore[no-untyped-def]
    """Every way over a lower node: lower triangles, from the lowest node up."""
    n = len(start) - 1
    where = np.full(n, -1, np.int32)
    for v in range(n):
        first, last = start[v], start[v + 1]
        for a in range(first, last - 1):
            x = head[a]
            for e in range(start[x], start[x + 1]):
                where[head[e]] = e
            for b in range(a + 1, last):
                e = where[head[b]]
                up[e] = min(up[e], down[a] + up[b])
                down[e] = min(down[e], down[b] + up[a])


@kernel
def perfect(start, head, up, down):  # type: ignore[no-untyped-def]
    """True times on every arc; returns which arcs, up and down, some other way beats."""
    n = len(start) - 1
    where = np.full(n, -1, np.int32)
    first_up, first_down = up.copy(), down.copy()
    for v in range(n - 1, -1, -1):
        first, last = start[v], start[v + 1]
        for a in range(first, last - 1):
            x = head[a]
            for e in range(start[x], start[x + 1]):
                where[head[e]] = e
            for b in range(a + 1, last):
                e = where[head[b]]
                up[a] = min(up[a], up[b] + down[e])
                up[b] = min(up[b], up[a] + up[e])
                down[a] = min(down[a], up[e] + down[b])
                down[b] = min(down[b], down[e] + down[a])
    return up < first_up, down < first_down


@kernel
def kept(start, head, time, beaten):  # type: ignore[no-untyped-def]
    """The arcs that are left, in rows."""
    n = len(start) - 1
    rows = np.zeros(n + 1, np.int32)
    heads = np.empty(len(head), np.int32)
    times = np.empty(len(head), np.int32)
    size = 0
    for v in range(n):
        for e in range(start[v], start[v + 1]):
            if not beaten[e] and time[e] < NEVER:
                heads[size] = head[e]
                times[size] = time[e]
                size += 1
        rows[v + 1] = size
    return rows, heads[:size].copy(), times[:size].copy()


@kernel
def climb(parent, start, head, time, node, key, shift, best, path):  # type: ignore[no-untyped-def]
    """From seeds upward: times from every node above them. Returns how many of ``path`` are used.

    ``best`` must be at its largest everywhere; ``path`` then lists what was touched.
    """
    count = 0
    limit = best[0]
    for k in range(len(node)):
        v, begin = node[k], count
        while v >= 0 and best[v] == limit:
            best[v] = limit - 1
            path[count] = v
            count += 1
            v = parent[v]
        for j in range((count - begin) // 2):  # turned round, so that the walk below, from the
            swap = path[begin + j]  # last chain to the first, meets every node before those above
            path[begin + j] = path[count - 1 - j]
            path[count - 1 - j] = swap
    for k in range(len(node)):
        best[node[k]] = min(best[node[k]], key[k])
    for k in range(count - 1, -1, -1):
        v = path[k]
        mine = best[v]
        if mine < limit - 1:
            for e in range(start[v], start[v + 1]):
                x = head[e]
                best[x] = min(best[x], mine + (np.int64(time[e]) << shift))
    return count


@kernel
def sweep(start, head, time, shift, best):  # type: ignore[no-untyped-def]
    """From the top down: every node looks at those above it, each arc once."""
    for v in range(len(start) - 2, -1, -1):
        mine = best[v]
        for e in range(start[v], start[v + 1]):
            mine = min(mine, best[head[e]] + (np.int64(time[e]) << shift))
        best[v] = mine


@kernel
def unpack(best, rank, shift, far, time, owner):  # type: ignore[no-untyped-def]
    """Keys in ranks to times and groups in the network's numbers."""
    mask = (1 << shift) - 1
    for v in range(len(rank)):
        key = best[rank[v]]
        whole = key >> shift
        if whole < far:
            time[v] = whole
            owner[v] = key & mask
        else:
            time[v] = far
            owner[v] = -1


@kernel
def wanted(parent, targets):  # type: ignore[no-untyped-def]
    """Rows for the targets and everything above them, highest first; -1 for the rest."""
    n = len(parent)
    row = np.full(n, -1, np.int32)
    for k in range(len(targets)):
        v = targets[k]
        while v >= 0 and row[v] < 0:
            row[v] = 0
            v = parent[v]
    count = 0
    for v in range(n - 1, -1, -1):
        if row[v] == 0:
            row[v] = count
            count += 1
    return row, count


@kernel
def restricted(start, head, time, row, count):  # type: ignore[no-untyped-def]
    """The arcs among the wanted rows, in the order of the sweep."""
    rows = np.zeros(count + 1, np.int32)
    heads = np.empty(len(head), np.int32)
    times = np.empty(len(head), np.int32)
    size, i = 0, 0
    for v in range(len(start) - 2, -1, -1):
        if row[v] < 0:
            continue
        for e in range(start[v], start[v + 1]):
            heads[size] = row[head[e]]
            times[size] = time[e]
            size += 1
        i += 1
        rows[i] = size
    return rows, heads[:size].copy(), times[:size].copy()


@kernel
def lanes(start, head, time, limit, d):  # type: ignore[no-untyped-def]
    """The sweep for many groups at once: a row of ``d`` holds one time for each.

    The number of lanes is only known when it runs: then the inner loop becomes vector code. Nothing
    in ``d`` is above ``limit + 1``, and arcs longer than the limit are passed over, so that sums
    fit the type.
    """
    many = d.shape[1]
    for i in range(len(start) - 1):
        for e in range(start[i], start[i + 1]):
            if time[e] > limit:
                continue
            x, cost = head[e], d.dtype.type(time[e])
            for k in range(many):
                mine, other = d[i, k], d.dtype.type(d[x, k] + cost)
                d[i, k] = other if other < mine else mine


@kernel
def lane(best, path, count, limit, row, d, k):  # type: ignore[no-untyped-def]
    """What a climb found goes into one lane; the climb's marks are wiped for the next."""
    never = np.int64(1) << 62
    for j in range(count):
        v = path[j]
        if row[v] >= 0 and best[v] <= limit:
            d[row[v], k] = best[v]
        best[v] = never


@kernel
def out_of(d, row, targets, block):  # type: ignore[no-untyped-def]
    """The wanted rows, in the caller's order."""
    for i in range(len(targets)):
        r = row[targets[i]]
        for k in range(d.shape[1]):
            block[i, k] = d[r, k]


@kernel
def over_ends(block, first, second, one, other, beyond, out):  # type: ignore[no-untyped-def]
    """Each row by whichever end of its edge is quicker; head starts are at most ``beyond``."""
    top = block.dtype.type(beyond)
    for i in range(len(first)):
        a, b = block.dtype.type(one[i]), block.dtype.type(other[i])
        x, y = first[i], second[i]
        for k in range(block.shape[1]):
            left = block.dtype.type(block[x, k] + a)
            right = block.dtype.type(block[y, k] + b)
            least = left if left < right else right
            out[i, k] = least if least < top else top


@kernel
def gain_pass(block, new, capped, people, limit, covered, saved):  # type: ignore[no-untyped-def]
    """What each site of a block adds: people newly covered, and person-tenths of a second saved."""
    for i in range(block.shape[0]):
        fresh, now, weight = new[i], capped[i], people[i]
        if fresh == 0 and now == 0:
            continue
        for k in range(block.shape[1]):
            value = block[i, k]
            covered[k] += fresh if value <= limit else 0.0
            less = now - value
            saved[k] += weight * less if less > 0 else 0.0
