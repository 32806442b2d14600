/* SPDX-License-Identifier: AGPL-3.0-or-later */
import {
  AtSign,
  CalendarDays,
  CircleDot,
  Hash,
  Heading,
  type LucideIcon,
  Phone,
  Signature,
  SquareCheck,
  SquareCheckBig,
  Text,
  TextCursorInput,
} from 'lucide-react';
import type { FieldType } from './draft';

const ICONS: Record<FieldType, LucideIcon> = {
  text: TextCursorInput,
  long_text: Text,
  email: AtSign,
  phone: Phone,
  number: Hash,
  date: CalendarDays,
  choice: CircleDot,
  several: SquareCheck,
  consent: SquareCheckBig,
  signature: Signature,
  section: Heading,
};

export function FieldIcon({ type }: { type: FieldType }) {
  const Icon = ICONS[type];
  return <Icon size={18} strokeWidth={1.8} aria-hidden="true" />;
}
