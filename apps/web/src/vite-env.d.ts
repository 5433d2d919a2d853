import 'react';

declare module 'react' {
  interface InputHTMLAttributes<T> extends HTMLAttributes<T> {
    /** Lets people choose a folder; every browser has it under this name. */
    webkitdirectory?: '';
  }
}
