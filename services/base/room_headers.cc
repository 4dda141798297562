// SPDX-License-Identifier: Apache-2.0
// Nothing of its own: headers that are parsed once belong to some library.
