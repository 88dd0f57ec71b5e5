import { describe, expect, it } from 'vitest';
import { finnishForms } from '../../../../app/search/finnish/inflect.ts';
import { fold } from '../../../../app/search/text/words.ts';

/** Base forms and some of their cases, by the kind of difficulty. */
const nouns: Record<string, string[]> = {
  'quantitative gradation': [
    'kissa kissan kissoja kissoille',
    'kukka kukan kukkia kukissa',
    'kauppa kaupan kaupassa kauppoja',
    'mökki mökin mökillä mökkejä',
    'ankka ankat ankkoja',
  ],
  'qualitative gradation': [
    'katu kadun kadulla katuja kaduilla',
    'leipä leivän leipää',
    'kenkä kengät kenkiä kengissä',
    'silta sillalla siltoja',
    'ranta rannalla',
    'kulta kullan',
    'lampi lammen lammella',
    'puku puvun pukuja',
    'jalka jalat jalan',
    'kurki kurjen kurjet',
    'aika ajan aikoja',
    'poika pojat poikia',
    'ruoka ruoan ruokaa ruokia',
    'joki joen joet joella',
    'sika siat sian',
    'mäki mäen mäellä',
  ],
  'the weak grade first': [
    'lammas lampaat lampaan lampaita lampaissa',
    'hammas hampaat hampaita',
    'rikas rikkaat rikkaita',
    'kuningas kuninkaan kuninkaita',
    'vieras vieraat vieraita',
    'kaunis kauniit kauniita',
    'sade sateen sateita sadetta',
    'tytär tyttären tyttäret',
  ],
  'consonant stems': [
    'käsi kädet käden käsiä käteen kättä',
    'vesi veden vettä vesiä vedessä',
    'vuosi vuoden vuotta vuosia',
    'uusi uudet uusia uutta',
    'kieli kielet kieltä kielen',
    'lumi lumen lunta lumessa',
    'lapsi lapset lasten lapsia lasta',
    'mies miehet miehen miestä miehiä',
    'hevonen hevosen hevoset hevosia hevosta',
    'nainen naiset naisia naisten',
    'ihminen ihmiset ihmistä',
    'vastaus vastaukset vastausta vastauksia',
    'rakkaus rakkauden rakkautta',
    'kysymys kysymyksiä',
    'avain avaimet avainta',
    'sydän sydämen sydämet',
    'olut oluen oluita olutta',
    'väsynyt väsyneet väsyneen',
    'kevät kevään keväällä',
  ],
  'one syllable': [
    'yö yön öitä yöllä',
    'työ työt töitä töissä',
    'tie tien teitä teillä',
    'maa maassa maita maahan',
    'suo suot soita',
    'puu puut puita',
  ],
  plain: [
    'talo taloissa talot taloja talojen taloihin',
    'koira koiran koirille koirien koiria',
    'auto autolla autoja',
    'ikkuna ikkunat ikkunoita',
    'peruna perunat perunoita',
    'perhe perheen perheet perheitä',
    'nalle nallen nalleja',
    'tuoli tuolit tuoleja tuoleissa',
    'ovi ovet oven ovia',
  ],
};

describe('finnishForms', () => {
  for (const [kind, lines] of Object.entries(nouns)) {
    it.each(lines.map((line) => line.split(' ')))(`knows ${kind}: %s`, (basic, ...cases) => {
      const forms = finnishForms(fold(basic));
      expect(cases.filter((one) => !forms.includes(fold(one)))).toEqual([]);
    });
    it.each(lines.map((line) => line.split(' ')))(`finds back from ${kind}: %s`, (basic, ...cases) => {
      const lost = cases.filter((one) => !finnishForms(fold(one)).includes(fold(basic)));
      expect(lost).toEqual([]);
    });
  }

  it.each([
    ['kissa', 'kaksi'],
    ['lammas', 'lamppu'],
    ['käsi', 'katu'],
    ['kuningas', 'kun'],
    ['talo', 'talous'],
    ['dog', 'dogs'],
  ])('does not take %s for a form of %s', (word, other) => {
    expect(finnishForms(fold(word))).not.toContain(fold(other));
  });

  it.each(['', 'x', 'the', 'which', '2024', 'a'.repeat(200), 'кот', '😀'])('bears %j', (word) => {
    expect(finnishForms(word).length).toBeLessThanOrEqual(200);
    expect(finnishForms(word)).not.toContain(word);
  });
});
