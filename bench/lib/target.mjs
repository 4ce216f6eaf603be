/** A ratio or a time with the bound that it is held to; without a bound it is only told. */
export function atLeast(name, bound, value) {
  return {
    name,
    value,
    wanted: bound === undefined ? '' : `≥ ${bound}`,
    ...(bound !== undefined && { pass: value >= bound }),
  };
}

export function atMost(name, bound, value) {
  return {
    name,
    value,
    wanted: bound === undefined ? '' : `≤ ${bound}`,
    ...(bound !== undefined && { pass: value <= bound }),
  };
}
