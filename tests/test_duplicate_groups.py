"""How pairs become duplicate groups: chains, cut at their weakest link between two persons."""

from itertools import pairwise

import networkx as nx
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from dtkstool.link.duplicates import groups_of, held

PERSONS = (-3, -2, -1)


@st.composite
def chains(draw):
    """Edges between records (0 … 9) and registry persons (negative), each weight once."""
    pairs = st.tuples(st.integers(-3, 9), st.integers(0, 9))
    ends = draw(st.lists(pairs, max_size=16))
    weights = draw(st.permutations(range(6, 6 + len(ends))))
    edges = [(a, b, float(w)) for (a, b), w in zip(ends, weights, strict=True) if a != b]
    return pl.DataFrame(
        edges, schema={"left": pl.Int64, "right": pl.Int64, "weight": pl.Float64}, orient="row"
    )


def graph_of(edges):
    graph = nx.Graph()
    graph.add_nodes_from([*PERSONS, *range(10)])
    for left, right, weight in edges.sort("weight").select("left", "right", "weight").rows():
        graph.add_edge(left, right, weight=weight)
    return graph


def firmness(graph, record, person):
    """The weakest link of the firmest chain that leads to a person past nobody else; 0 if none."""
    alone = graph.subgraph(n for n in graph if n >= 0 or n == person)
    if not nx.has_path(alone, record, person):
        return 0.0
    tree = nx.maximum_spanning_tree(alone)
    path = nx.shortest_path(tree, record, person)
    return min(tree.edges[pair]["weight"] for pair in pairwise(path))


@settings(max_examples=60, deadline=None)
@given(chains())
def test_a_group_holds_one_person_and_each_record_hangs_on_its_firmest_chain(edges):
    graph, kept = graph_of(edges), graph_of(held(edges))
    for group in nx.connected_components(kept):
        persons = [node for node in group if node < 0]
        assert len(persons) <= 1
        for record in group - set(persons):
            firmest = max(firmness(graph, record, p) for p in PERSONS)
            assert firmest == (firmness(kept, record, persons[0]) if persons else 0.0)


@settings(max_examples=40, deadline=None)
@given(chains())
def test_chains_that_lead_to_no_person_are_the_components_of_networkx(edges):
    edges = edges.filter(pl.col("left") >= 0)
    nodes = pl.Series(range(10), dtype=pl.Int64)
    ours = groups_of(nodes, held(edges)).group_by("group").agg(pl.col("node").sort())["node"]
    theirs = nx.connected_components(graph_of(edges).subgraph(range(10)))
    assert sorted(ours.to_list()) == sorted(sorted(part) for part in theirs)
