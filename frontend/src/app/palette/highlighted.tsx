/** A text with what was typed underlined. */
import classes from './palette.module.css';

export function Highlighted({ text, words }: { text: string; words: string }) {
  const at = words === '' ? -1 : text.toLowerCase().indexOf(words.toLowerCase());
  if (at < 0) return text;
  return (
    <>
      {text.slice(0, at)}
      <u className={classes.match}>{text.slice(at, at + words.length)}</u>
      {text.slice(at + words.length)}
    </>
  );
}
