/** Finnish words of the viewer; the English ones are the source. */
export const media = {
  'view.place': '{place}/{count}',

  'edit.title': 'Muokkaa otsikkoa',
  'edit.titleField': 'Otsikko',
  'edit.description': 'Muokkaa kuvausta',
  'edit.addDescription': 'Lisää kuvaus',
  'edit.descriptionField': 'Kuvaus',
  'edit.text': 'Korjaa teksti',
  'edit.textField': 'Kuvan teksti niin kuin sen kuuluu olla',
  'edit.text.hint': 'Haku löytää sen, mitä kirjoitat tähän. Kuvan lukeminen uudelleen ei muuta sitä.',
  'edit.saving': 'Tallennetaan…',
  'edit.changed': 'Joku muutti tätä sillä välin. Tallennus korvaa tämän:',
  'edit.emptied': '(tyhjä)',

  'text.corrected': 'Korjattu',
  'text.readAgain': 'Lue kuvasta uudelleen',
  'text.failed': 'Kuvan sanoja ei voitu lukea.',

  'make.thumbnail': 'Pikkukuvaa tehdään.',
  'make.preview': 'Esikatselua tehdään.',
  'make.playback': 'Kaikkialla toimivaa versiota tehdään.',
  'make.text': 'Sanoja luetaan.',
  'make.thumbnailFailed': 'Pikkukuvaa ei voitu tehdä.',
  'make.previewFailed': 'Esikatselua ei voitu tehdä.',
  'make.playbackFailed': 'Kaikkialla toimivaa versiota ei voitu tehdä.',
  'make.retry': 'Yritä uudelleen',
  'make.again': 'Tee kaikki uudelleen',
  'make.started': 'Se tehdään uudelleen.',

  'why.thumbnail': 'Pikkukuvaa ei saatu tehtyä.',
  'why.preview': 'Esikatselua ei saatu tehtyä.',
  'why.playback': 'Kaikkialla toimivaa versiota ei saatu tehtyä.',
  'why.text': 'Kuvan sanoja ei saatu luettua.',
  'why.original': 'Alkuperäinen tiedosto puuttuu säilöstä.',
  'why.ffmpeg': 'Palvelin ei juuri nyt pysty käsittelemään videoita.',
  'why.frame': 'Videosta ei saada purettua yhtään kuvaa.',
  'why.frames': 'Videosta ei saada purettua kuvia.',
  'why.conversion': 'Videosta ei saada versiota, joka toimii kaikissa selaimissa.',

  'film.preparing': 'Tämä selain ei vielä osaa toistaa tätä. Kaikkialla toimivaa versiota tehdään.',
  'film.cannot': 'Tämä selain ei osaa toistaa tätä videota.',

  'action.more': 'Lisää',
  'action.replace': 'Vaihda tiedosto…',
  'action.replacing': 'Uutta tiedostoa lähetetään',
  'action.finishing': 'Melkein valmis…',
  'action.replaced': 'Uusi tiedosto on paikallaan',
  'action.stop': 'Keskeytä',
  'action.showOther': 'Näytä se',
  'action.dismiss': 'Sulje',

  'trash.here': 'Tämä on roskakorissa',
  'trash.until': 'Se poistuu lopullisesti {date}.',
  'trash.restore': 'Palauta',

  'part.broken': 'Tämä osa meni rikki. Muu toimii yhä.',
} as const;
