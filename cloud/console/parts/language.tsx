/** The language that the person has chosen, kept on this machine, and the two ways to put a sentence on the page. */
import { createContext } from 'preact';
import type { ComponentChildren } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import { consoleMessages as words } from '../../../shared/messages/console.ts';
import type { Language, Text } from '../../../shared/messages/text.ts';

const KEY = 'loa.language';

const Chosen = createContext<Language>('vi');

/** Vietnamese unless the person said otherwise; a browser that keeps nothing forgets it with the page. */
function remembered(): Language {
  try {
    return localStorage.getItem(KEY) === 'en' ? 'en' : 'vi';
  } catch (cause) {
    if (cause instanceof DOMException) return 'vi';
    throw cause;
  }
}

function remember(language: Language): void {
  try {
    localStorage.setItem(KEY, language);
  } catch (cause) {
    if (!(cause instanceof DOMException)) throw cause;
  }
}

type Speaking = { readonly language: Language; readonly speak: (language: Language) => void };

export function useLanguage(): Speaking {
  const [language, speak] = useState(remembered);
  useEffect(() => {
    remember(language);
    document.documentElement.lang = language;
    document.title = words.title[language];
  }, [language]);
  return { language, speak };
}

export function Speak({ language, children }: { language: Language; children: ComponentChildren }) {
  return <Chosen.Provider value={language}>{children}</Chosen.Provider>;
}

export function useSay(): (text: Text) => string {
  const language = useContext(Chosen);
  return (text) => text[language];
}

/** Both languages, the chosen one first and the other one quieter. */
export function Both({ text }: { text: Text }) {
  const language = useContext(Chosen);
  const other = language === 'vi' ? 'en' : 'vi';
  return (
    <>
      {text[language]}
      {text.vi !== text.en && (
        <span class="other" lang={other}>
          {text[other]}
        </span>
      )}
    </>
  );
}

export function LanguageSwitch({ language, speak }: Speaking) {
  const other = language === 'vi' ? 'en' : 'vi';
  return (
    <button
      type="button"
      class="switch"
      lang={other}
      title={words.switchLanguage[other]}
      onClick={() => {
        speak(other);
      }}
    >
      {other === 'en' ? words.inEnglish.en : words.inVietnamese.vi}
    </button>
  );
}
