/** Notice that the images on a page are not those that the run was tested on (templates/parts/run_panel.html). */

import { byId } from "../core/dom.js";

/** Show or hide the notice after a list of images has arrived. @param {{images_match: boolean | null}} list */
export function updateImagesNotice({ images_match: match }) {
  byId("images-notice").hidden = match !== false;
}
