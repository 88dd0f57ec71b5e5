import { boldBar, captionBar, gif, impact, impactSmall, multiPanel, none, rotated } from './captions.ts';
import { comic } from './comics.ts';
import type { Language, PhraseSet } from './phrases.ts';
import { createRandom } from './random.ts';
import { chat, forum, tweet } from './screens.ts';
import {
  bare,
  gradient,
  labels,
  large,
  shadow,
  strip,
  thickOutline,
  thinOutline,
  tiny,
} from './wild/photos.ts';
import { balloons, choices, messenger, news, post, poster, worn } from './wild/screens.ts';
import { createSheet, type Draw, type Drawn } from './sheet.ts';

/**
 * The OCR corpus: drawn from a seed, pictures of the usual kinds of memes, each with its text. The
 * two phrase sets share no sentence and few fonts: tune on one, report the other.
 */
export const KINDS = [
  'impact',
  'impact-small',
  'caption-bar',
  'chat-light',
  'chat-dark',
  'tweet',
  'comic',
  'multi-panel',
  'rotated',
  'bold-bar',
  'forum',
  'gif',
  'none',
] as const;

/** Kinds that nothing was tuned on. Their result shows how well the rules generalize. */
export const WILD_KINDS = [
  'thin-outline',
  'thick-outline',
  'shadow',
  'bare',
  'strip',
  'gradient',
  'labels',
  'large',
  'tiny',
  'messenger',
  'post',
  'poster',
  'choices',
  'balloons',
  'news',
  'worn',
] as const;

export type Kind = (typeof KINDS)[number] | (typeof WILD_KINDS)[number];

export const kindsOf = (set: PhraseSet): readonly Kind[] =>
  set === 'wild' ? [...KINDS, ...WILD_KINDS] : KINDS;

export interface Sample extends Drawn {
  kind: Kind;
  language: Language;
  /** The text in the picture, in reading order; empty for the kind `none`. */
  text: string;
}

const DRAW: Record<Kind, Draw> = {
  impact,
  'impact-small': impactSmall,
  'caption-bar': captionBar,
  'chat-light': chat('light'),
  'chat-dark': chat('dark'),
  tweet,
  comic,
  'multi-panel': multiPanel,
  rotated,
  'bold-bar': boldBar,
  forum,
  gif,
  none,
  'thin-outline': thinOutline,
  'thick-outline': thickOutline,
  shadow,
  bare,
  strip,
  gradient,
  labels,
  large,
  tiny,
  messenger,
  post,
  poster,
  choices,
  balloons,
  news,
  worn,
};

const ALL_KINDS: readonly Kind[] = [...KINDS, ...WILD_KINDS];

/**
 * Draws the corpus, one picture at a time.
 *
 * @param options.seed - the same seed draws the same pictures
 * @param options.count - pictures per kind; every other one is Finnish
 */
export async function* drawCorpus(options: {
  seed: number;
  count: number;
  set: PhraseSet;
  kinds?: readonly Kind[];
}): AsyncGenerator<Sample> {
  for (const kind of options.kinds ?? kindsOf(options.set)) {
    for (let index = 0; index < options.count; index += 1) {
      // Each picture has a separate seed. It stays the same for any selection of kinds and any
      // count.
      const random = createRandom(
        options.seed * 7919 + ALL_KINDS.indexOf(kind) * 104_729 + index * 15_485_863,
      );
      const language = index % 2 === 0 ? 'fi' : 'en';
      const sheet = createSheet(random, options.set, language);
      const drawn = await DRAW[kind](sheet);
      yield { kind, language, text: sheet.said.join('\n'), ...drawn };
    }
  }
}
