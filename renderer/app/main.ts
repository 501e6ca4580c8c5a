import { mount } from 'svelte';
import '../theme/tokens.css';
import '../theme/base.css';
import App from './App.svelte';
import { showAppearance } from './appearance.svelte.ts';

showAppearance();
const target = document.getElementById('app');
if (!target) throw new Error('The page has no #app to stand in.');
mount(App, { target });
