import { mount } from 'svelte';
import '../theme/tokens.css';
import '../theme/base.css';
import { studio } from '../state/studio.svelte.ts';
import App from './App.svelte';

studio.setTheme(studio.theme);
const target = document.getElementById('app');
if (!target) throw new Error('The page has no #app to stand in.');
mount(App, { target });
