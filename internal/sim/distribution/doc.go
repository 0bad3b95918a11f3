// Package distribution is the registries of the simulated world: whether an image is there, over the OCI distribution protocol.
//
// In: a request for a manifest, with the registry as its host. Out: what that registry answers, an image index or an error in
// the protocol's own form. Every image is there for amd64 and arm64, unless an outage of pulls says otherwise; the registries of
// ECR want a login, and to whom it belongs IAM must allow the pull. It must never serve a layer, keep an image, or change the world.
package distribution
