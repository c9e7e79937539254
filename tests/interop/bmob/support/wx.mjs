// What WeChat gives a mini program, as far as hydrogen-js-sdk uses it: log in, storage, requests, uploads.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

const text = (value) => (typeof value === 'object' ? JSON.stringify(value) : String(value));

// A GET's data becomes the query, as in WeChat.
function address(url, method, data) {
  if (method !== 'GET' || Object.keys(data).length === 0) return url;
  const members = Object.entries(data).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(text(value))}`);
  return `${url}?${members.join('&')}`;
}

async function send({ url, method: name, data, header, success, fail }) {
  const method = name.toUpperCase();
  try {
    const body = method === 'GET' ? undefined : JSON.stringify(data);
    const response = await fetch(address(url, method, data), { method, headers: header, body });
    success({ statusCode: response.status, data: JSON.parse(await response.text()) });
  } catch (error) {
    fail(error);
  }
}

async function upload({ url, filePath, name, header, formData, success, fail }) {
  try {
    const form = new FormData();
    for (const [field, value] of Object.entries(formData)) form.append(field, String(value));
    form.append(name, new Blob([readFileSync(filePath)]), basename(filePath));
    const { 'content-type': replaced, ...headers } = header;
    const response = await fetch(url, { method: 'POST', headers, body: form });
    success({ statusCode: response.status, data: await response.text() });
  } catch (error) {
    fail(error);
  }
}

// codes: what wx.login gives, one after the other.
export function makeWx(codes) {
  const store = new Map();
  return {
    login: ({ success }) => success({ code: codes.shift() }),
    checkSession: ({ success, fail }) => (store.has('bmob') ? success() : fail()),
    request: (options) => { send(options); },
    uploadFile: (options) => { upload(options); },
    getStorageSync: (key) => {
      const value = store.get(key) ?? '';
      return key === 'bmob' && value !== '' ? JSON.parse(value) : value;
    },
    setStorageSync: (key, value) => { store.set(key, value); },
    removeStorageSync: (key) => { store.delete(key); },
    clearStorageSync: () => { store.clear(); },
  };
}
