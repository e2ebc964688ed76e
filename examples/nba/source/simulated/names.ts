// Invented names of players from many countries: with accents, suffixes, initials, apostrophes and particles,
// since those are what makes matching names between sources hard.

import type { Random } from "./random.ts";

interface Origin {
  /** How many of a hundred players come from here. */
  readonly share: number;
  readonly countries: readonly string[];
  readonly first: readonly string[];
  readonly last: readonly string[];
}

const words = (text: string) => text.split(" ").map((word) => word.replaceAll("_", " "));

const AMERICA: Origin = {
  share: 70,
  countries: ["USA"],
  first: words(
    "Amari Andre Antoine Aubrey Bryce Caleb Cameron Carlton Cedric Clarence Corey Cortez Dallas Damarion Dante DaQuan " +
      "Darnell De'Shawn DeMarcus Denzel Deon Desmond Devonte Dominic Donte Drew Dwayne Earl Elijah Emmett Ervin Everett " +
      "Floyd Gabe Garrison Grant Gregory Harlan Hollis Ike Isaac JaVon Jabril Jace Jamal Jarvis Jaxson Jerome KeShawn " +
      "Keenan Kendall Kordell Lamont Langston Lavar Leon Lionel Lonnie Lucas Malachi Marquis Micah Miles Montrell Nate " +
      "Noah O'Shea Omari Percy Preston Quincy Ramon Rashad Reggie Roderick Roscoe Sidney Silas Spencer Sterling Tariq " +
      "Terrell Theo Tobias Travon Ty'Ree Vernon Wade Wesley Xavier Zaire",
  ),
  last: words(
    "Abernathy Ackerson Alston Atwater Bagwell Barrow Bellamy Blanchard Boatwright Bolden Bracey Braxton Broadus Calloway " +
      "Carrington Chambers Claiborne Coates Copeland Crenshaw Culpepper Dandridge Dawkins DeVaughn Dillard Dorsey Dunham " +
      "Eastman Ellison Fairley Farrow Fontenot Gadsden Gaines Gilliam Goodwyn Granger Guidry Hairston Hargrove Hathaway " +
      "Hollins Hubbard Ingersoll Jeffries Kershaw Kincaid Ladson LeBlanc Lockett Lyles Mabry Mayfield McAdoo McCray " +
      "McIntosh Merriweather Milton Moultrie Nesmith O'Bryant Ogletree Oxendine Parrish Pettway Pinkney Pruitt Quarles " +
      "Ravenel Redmond Ridley Rollins Rutledge Sampson Sealy Singletary Stallworth Sumner Tatum-Wells Thigpen Tolliver " +
      "Treadwell Upshaw Vaughn Weatherby Whitlock Wilkes Winfield Womack Yarbrough Zeigler",
  ),
};

const ABROAD: readonly Origin[] = [
  {
    share: 8,
    countries: ["Serbia", "Croatia", "Slovenia", "Montenegro", "Bosnia and Herzegovina"],
    first: words(
      "Aleksandar Andrija Boško Davor Dušan Filip Goran Ivan Jovan Lazar Marko Miloš Nemanja Saša Stefan Vuk Željko",
    ),
    last: words(
      "Babić Čolić Đurić Filipović Grbić Ilić Janković Kovač Lončar Mihajlović Novaković Pešić Radović Šarić Tešić Vidović Živković",
    ),
  },
  {
    share: 4,
    countries: ["Lithuania", "Latvia"],
    first: words("Arnas Dainius Edgaras Gytis Jānis Kārlis Lukas Mantas Paulius Rokas Tomas Vaidas"),
    last: words(
      "Balčiūnas Bērziņš Gudaitis Jankūnas Kalniņš Liepiņš Mažeika Navickas Petrauskas Šimkus Ūsas Žukauskas",
    ),
  },
  {
    share: 5,
    countries: ["France", "Belgium", "Haiti"],
    first: words("Adrien Amaury Cédric Étienne Gaël Hugo Joël Léo Mathéo Noé Rémi Théo Yoann"),
    last: words(
      "Beaumont Cissé-Leroy D'Almeida Delacroix Éboué Fournel Gauthier Hébert Kéita Laurençon N'Guessan Périgord Traoré",
    ),
  },
  {
    share: 4,
    countries: ["Spain", "Argentina", "Brazil", "Dominican Republic", "Portugal"],
    first: words("Álvaro Ángel Bruno César Íñigo Joaquín João José_María Luís Martín Raúl Rubén Tomás"),
    last: words(
      "Arízaga Cabañas da_Conceição De_la_Vega Echeverría Fagúndez Ibáñez Lobão Muñoz Núñez Peña Quiñones Zárate",
    ),
  },
  {
    share: 4,
    countries: ["Nigeria", "Senegal", "Cameroon", "DRC", "South Sudan"],
    first: words(
      "Abdoulaye Babacar Chukwuma Deng Emeka Ibou Ismaël Kelechi Mamadou Ngor Oluwaseun Tunde Yannick",
    ),
    last: words(
      "Adebowale Bakayoko Deng-Akol Diabaté Ekwueme Fall Gueye Makumba Mbeki N'Doye Nwosu Okonjo Sow",
    ),
  },
  {
    share: 3,
    countries: ["Germany", "Finland", "Sweden", "Czechia"],
    first: words("Aatu Björn Fritz Jürgen Lasse Matěj Mikko Moritz Olle Søren Tomáš"),
    last: words(
      "Bäckström Dvořák Grünwald Hämäläinen Kästner Löfgren Müllerson Příhoda Schäfer Väisänen von_Arnsberg",
    ),
  },
  {
    share: 2,
    countries: ["Turkey", "Greece", "Georgia", "Israel", "Australia", "Japan"],
    first: words("Alp Dimitris Efe Giorgi Haruto Itay Kerem Nikos Ömer Riku Ruben-James Şahin Tornike"),
    last: words(
      "Aydınlı Çelik Dalakis Gvazava Harel Işık Kavaliotis Mori-Hughes O'Halloran Papadakos Shirakawa Yıldırım",
    ),
  },
];

const ORIGINS = [AMERICA, ...ABROAD];
const SUFFIXES = ["Jr.", "Jr.", "Jr.", "II", "III", "III", "IV"];

export interface NamedPerson {
  readonly name: string;
  readonly country: string;
}

/** A name that is not among those taken, which it then joins; so no two players share one. */
export function drawName(random: Random, taken: Set<string>): NamedPerson {
  const origin = random.weighted(ORIGINS, (candidate) => candidate.share);
  const plain = `${drawFirst(origin, random)} ${random.pick(origin.last)}`;
  const suffixed = origin === AMERICA && random.chance(0.09) ? `${plain} ${random.pick(SUFFIXES)}` : plain;
  const person = { name: suffixed, country: random.pick(origin.countries) };
  // Names that differ in their suffix only belong to two people in the real league too, but rarely.
  if (taken.has(person.name) || (taken.has(plain) && random.chance(0.9))) return drawName(random, taken);
  taken.add(plain).add(person.name);
  return person;
}

function drawFirst(origin: Origin, random: Random): string {
  if (origin !== AMERICA || !random.chance(0.07)) return random.pick(origin.first);
  const initial = () => random.pick(words("A B C D E J K L M P R T"));
  return random.chance(0.75) ? `${initial()}.${initial()}.` : `${initial()}${initial()}`;
}
