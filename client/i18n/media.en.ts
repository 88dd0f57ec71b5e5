import type { Message } from './messages.ts';

/** English words of the viewer: looking at a picture, correcting what is written about it, replacing it. Keys are `area.what`. */
export const media = {
  'view.place': '{place} of {count}',

  'edit.title': 'Edit the title',
  'edit.titleField': 'Title',
  'edit.description': 'Edit the description',
  'edit.addDescription': 'Add a description',
  'edit.descriptionField': 'Description',
  'edit.text': 'Correct the text',
  'edit.textField': 'Text in the picture, as it should be',
  'edit.text.hint': 'The search finds what you write here. Reading the picture again leaves it as it is.',
  'edit.saving': 'Saving…',
  'edit.changed': 'Somebody changed this meanwhile. Saving replaces it:',
  'edit.emptied': '(empty)',

  'text.corrected': 'Corrected',
  'text.readAgain': 'Read it from the picture again',
  'text.failed': 'The words could not be read from this picture.',

  'make.thumbnail': 'The thumbnail is being made.',
  'make.preview': 'The preview is being made.',
  'make.playback': 'A version that plays everywhere is being made.',
  'make.text': 'The words are being read.',
  'make.thumbnailFailed': 'No thumbnail could be made.',
  'make.previewFailed': 'No preview could be made.',
  'make.playbackFailed': 'No version that plays everywhere could be made.',
  'make.retry': 'Try again',
  'make.again': 'Make everything again',
  'make.started': 'It is being made again.',

  'why.thumbnail': 'No thumbnail could be made.',
  'why.preview': 'No preview could be made.',
  'why.playback': 'No version that plays everywhere could be made.',
  'why.text': 'The words in the picture could not be read.',
  'why.original': 'The original is missing from the storage.',
  'why.ffmpeg': 'The server cannot work on videos just now.',
  'why.frame': 'No picture of the video can be decoded.',
  'why.frames': 'No pictures of the video can be decoded.',
  'why.conversion': 'The video cannot be turned into one that every browser plays.',

  'film.preparing': 'This browser cannot play it yet. A version that plays everywhere is being made.',
  'film.cannot': 'This browser cannot play this video.',

  'action.more': 'More',
  'action.replace': 'Replace the file…',
  'action.replacing': 'Sending the new file',
  'action.finishing': 'Almost there…',
  'action.replaced': 'The new file is here',
  'action.stop': 'Stop',
  'action.showOther': 'Show it',
  'action.dismiss': 'Dismiss',

  'trash.here': 'This is in the trash',
  'trash.until': 'It goes for good on {date}.',
  'trash.restore': 'Put it back',

  'part.broken': 'This part broke. The rest still works.',
} as const satisfies Record<string, Message>;
