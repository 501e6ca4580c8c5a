import { mount } from 'svelte';
import '../theme/tokens.css';
import '../theme/base.css';
import '../theme/menu.css';
import { keepColouring } from '../state/colour-record.ts';
import App from './App.svelte';
import { showAppearance } from './appearance.svelte.ts';

showAppearance();
keepColouring();
const target = document.getElementById('app');
if (!target) throw new Error('The page has no #app to stand in.');
mount(App, { target });
