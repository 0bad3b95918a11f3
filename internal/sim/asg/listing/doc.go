// Package listing is what all of Auto Scaling's operations have in common: pages of listings, and refusals in AWS's words.
//
// In go what a call asks for and rows; out come the rows of one page with the token of the next, or an error of the wire.
// It must never know what the rows are, or look at the world.
package listing
