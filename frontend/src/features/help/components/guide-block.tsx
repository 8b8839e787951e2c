/** A piece of a guide: heading, paragraph, list or table. */
import { Kbd } from '@mantine/core';
import { Link } from 'react-router';
import type { Block, Words } from '../guide';
import classes from './guide-block.module.css';

export function GuideWords({ words }: { words: Words }) {
  return words.map((part, place) => {
    switch (part.kind) {
      case 'text':
        return part.text;
      case 'strong':
        return <strong key={place}>{part.text}</strong>;
      case 'key':
        return <Kbd key={place}>{part.text}</Kbd>;
      case 'link':
        return (
          <Link key={place} to={part.to}>
            {part.text}
          </Link>
        );
    }
  });
}

export function GuideBlock({ block }: { block: Block }) {
  switch (block.kind) {
    case 'heading':
      return <h2 className={classes.heading}>{block.text}</h2>;
    case 'paragraph':
      return (
        <p className={classes.paragraph}>
          <GuideWords words={block.words} />
        </p>
      );
    case 'list': {
      const List = block.isOrdered ? 'ol' : 'ul';
      return (
        <List className={classes.list}>
          {block.items.map((words, place) => (
            <li key={place}>
              <GuideWords words={words} />
            </li>
          ))}
        </List>
      );
    }
    case 'table':
      return (
        <table className={classes.table}>
          <thead>
            <tr>
              {block.head.map((words, place) => (
                <th key={place} scope="col">
                  <GuideWords words={words} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {block.rows.map((row, line) => (
              <tr key={line}>
                {row.map((words, place) => (
                  <td key={place}>
                    <GuideWords words={words} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      );
  }
}
