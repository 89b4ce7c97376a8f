mod columns;
