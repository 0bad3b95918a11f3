// Package listing is what all kinds of EC2 resources have in common: they are found by id, filtered, cut into pages,
// tagged, and made once per client token.
//
// In go rows of the world and the parameters of a call. Out come the rows that are meant, the tags to keep, or AWS's
// refusal. It must never know a certain kind of resource, or change anything but the table of client tokens.
package listing
