// The map of the world behind progress/world_map.py, drawn from Natural Earth (public domain) as packed by world-atlas (ISC):
// an equal-area map 1000 wide, one path for each country, a point for those too small to be seen, and all other land as one path.
import { readFileSync, writeFileSync } from "node:fs";
import { geoEqualEarth, geoPath } from "d3-geo";
import { feature } from "topojson-client";
import { filter, filterWeight, presimplify, simplify, sphericalRingArea, sphericalTriangleArea } from "topojson-simplify";

const DETAIL = 3e-5, SMALLEST_ISLAND = 5e-5, TOO_SMALL = 16, ANTARCTICA = "010";

const source = JSON.parse(readFileSync("node_modules/world-atlas/countries-50m.json"));
const simple = simplify(presimplify(source, sphericalTriangleArea), DETAIL);
const drawn = filter(simple, filterWeight(simple, SMALLEST_ISLAND, sphericalRingArea));

// The one country of ours without a number of its own in ISO 3166: two letters that are set aside for users.
for (const { geometries } of [source.objects.countries, drawn.objects.countries]) {
  for (const country of geometries) if (country.properties.name === "Kosovo") country.id = "XK";
}

const whole = feature(source, source.objects.countries);
const projection = geoEqualEarth().rotate([-11, 0]).fitWidth(1000, whole);
const exact = geoPath(projection), short = geoPath(projection).digits(0);

const areas = {}, places = {};
for (const country of whole.features) {
  if (!country.id) continue;
  const area = exact.area(country);
  if (area > (places[country.id]?.area ?? 0)) places[country.id] = { area, at: exact.centroid(country).map(Math.round) };
  areas[country.id] = (areas[country.id] ?? 0) + area;
}
const shapes = {}, points = {};
let land = "";
for (const country of feature(drawn, drawn.objects.countries).features) {
  const path = short(country);
  if (!path || country.id === ANTARCTICA) continue;
  if (!country.id) land += path;
  else if (areas[country.id] >= TOO_SMALL) shapes[country.id] = (shapes[country.id] ?? "") + path;
}
for (const [id, area] of Object.entries(areas)) if (area < TOO_SMALL) points[id] = places[id].at;

writeFileSync("../../campaigns/world.json", JSON.stringify({ land, shapes, points }) + "\n");
