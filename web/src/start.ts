/**
 * The first script of a study's page. It is small, and begins what takes longest while the page's own script comes. On a
 * page that is not the server's own, it begins nothing.
 */
import { beginStudy } from "./study/study_start.js";

if (document.querySelector("sidestage-app[ahead]")) beginStudy(document.baseURI);
